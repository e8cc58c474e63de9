import { allows, LADDER_CAPABILITIES, type LadderCapability, modeOf, widensAuthority } from "#platform/degradation/ladder.js";
import type { Condition } from "#platform/health/condition.js";
import truth from "../../../../deploy/ladder.truth.json" with { type: "json" };
import { CELLS, type Outcome } from "./cells.js";
import type { LadderBed } from "./ladder-bed.js";
import type { Rung } from "./rungs.js";

/** Cells whose feature does not exist: they refuse, whatever their mode says. */
const REFUSING: ReadonlySet<string> = new Set(truth.absent.map(({ cell }) => cell));

/** True when the cell has to be served while `conditions` hold. */
export function served(capability: LadderCapability, conditions: ReadonlySet<Condition>): boolean {
  const absent = truth.rows.some(
    ({ when }) =>
      when.length > 0 &&
      when.every((one) => [...conditions].some((condition) => condition === one)) &&
      REFUSING.has(`${when.join("+")}/${capability}`),
  );
  return !absent && allows(capability, conditions);
}

/** Rungs after whose return the vault compares its database with the published log, as ladder.truth.json has it for KafkaDown/useOpen. */
const COMPARES = ["database", "vault"];

const SETTLE_MS = 60_000;
const broken = (error: unknown): Outcome => ({ served: false, said: `broken: ${error instanceof Error ? error.message : String(error)}` });

/**
 * What has to be served may need seconds after the condition was said or taken back: each service sees for itself. So may the refusal of
 * what gives nobody power; what would give some is asked once.
 */
async function asked(capability: LadderCapability, probe: () => Promise<Outcome>, wanted: boolean): Promise<Outcome> {
  const deadline = Date.now() + SETTLE_MS;
  for (;;) {
    const outcome = await probe();
    const asItShould = outcome.served === wanted || (!wanted && widensAuthority(capability));
    if (asItShould || Date.now() > deadline) return outcome;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

interface Timed extends Outcome {
  readonly seconds: string;
}

async function timed(outcome: Promise<Outcome>): Promise<Timed> {
  const began = Date.now();
  return { ...(await outcome), seconds: ((Date.now() - began) / 1_000).toFixed(1) };
}

/** Probes every cell once. Returns what is over-served, under-served or broken; nothing when the table holds. */
export async function probeCells(
  bed: LadderBed,
  conditions: ReadonlySet<Condition>,
  tell: (line: string) => void,
  logUnseen = false,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  const told: string[] = [];
  const names = `[${[...conditions].join(", ")}]`;
  // All at once, as so many people would ask: what is refused only after seconds would otherwise add up. One probe may stand for two cells.
  const asking = new Map<unknown, Promise<Timed>>();
  for (const capability of LADDER_CAPABILITIES) {
    const probe = CELLS[capability];
    const wanted = served(capability, conditions);
    if (!asking.has(probe)) asking.set(probe, timed(asked(capability, () => probe(bed, conditions).catch(broken), wanted)));
  }
  for (const capability of LADDER_CAPABILITIES) {
    const wanted = served(capability, conditions);
    const outcome = await asking.get(CELLS[capability]);
    if (outcome === undefined) throw new Error(`nobody asked for ${capability}`);
    told.push(`${capability} ${outcome.said} (${outcome.seconds} s)`);
    // The vault compares a database that was away with the published log before it signs again: without a log it goes on refusing.
    if (outcome.said.startsWith("broken: ")) wrong.push(`${names} ${capability} is ${outcome.said}`);
    const mayRefuse = logUnseen && ["useOpen", "useReduceOnly"].includes(capability);
    if (outcome.served !== wanted && !(mayRefuse && !outcome.served)) {
      const mode = modeOf(capability, conditions);
      wrong.push(`${names} ${capability} (${mode}) is ${wanted ? "under" : "over"}-served: ${outcome.said}`);
    }
  }
  tell(`  ${told.join("; ")}`);
  return wrong;
}

/** Numbers below a bound. */
type Draw = (below: number) => number;

const shuffled = <T>(items: readonly T[], draw: Draw): readonly T[] =>
  items
    .map((item) => ({ item, at: draw(2 ** 31) }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);

/**
 * Takes every rung away in a random order, each by a random fault, and gives them back in another; probes every cell after each step.
 * @returns everything that was wrong
 */
export async function climb(bed: LadderBed, all: readonly Rung[], draw: Draw, tell: (line: string) => void): Promise<readonly string[]> {
  const wrong: string[] = [];
  const held = new Set<Condition>();
  let logUnseen = false;
  const step = async (what: string, change: () => Promise<void>) => {
    const began = Date.now();
    await change();
    const done = Math.round((Date.now() - began) / 1_000);
    const seconds = await bed.says(held);
    tell(`${what} (${done} s): [${[...held].join(", ")}] after ${seconds} s more`);
    wrong.push(...(await probeCells(bed, held, tell, logUnseen)));
  };
  for (const rung of shuffled(all, draw)) {
    const fault = rung.faults[draw(rung.faults.length)] ?? "killed";
    held.add(rung.condition);
    await step(`${rung.name} ${fault}`, () => rung.start(fault));
  }
  for (const rung of shuffled(all, draw)) {
    held.delete(rung.condition);
    logUnseen = held.has("KafkaDown") && (logUnseen || COMPARES.includes(rung.name));
    await step(`${rung.name} is back`, () => rung.end());
  }
  return wrong;
}
