import { renameSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { allows, LADDER_CAPABILITIES, levelOf, modeOf, widensAuthority } from "#platform/degradation/ladder.js";
import { SERVICES } from "../../deploy/local/service-environment.js";
import type { Stack } from "../../deploy/local/stack.js";
import { readyStack } from "../support/e2e/ready-stack.js";
import { until } from "../support/e2e/until.js";
import { type Answer, CellProbes, PROBED, type Probed } from "../support/ladder/cell-probes.js";
import { type ConditionSet, nameOf, someSets } from "../support/ladder/condition-sets.js";

const COUNT = Number(process.env.CONDITION_SETS ?? 32);
const SEED = Number(process.env.INTERLOCK_SEED ?? 1);
const SETS = someSets(COUNT, SEED);
const NO_LIMIT = "100000:100000";
const status = z.looseObject({
  level: z.string(),
  cells: z.record(z.string(), z.string()),
  conditions: z.array(z.looseObject({ condition: z.string() })),
});
const emergency = z.looseObject({ mode: z.string(), conditions: z.array(z.string()) });

let stack: Stack;
let probes: CellProbes;
/** What was seen: by set, by cell. */
const seen = new Map<ConditionSet, Readonly<Record<Probed, Answer>>>();

beforeAll(async () => {
  const limits = { RATE_LIMIT_IP: NO_LIMIT, RATE_LIMIT_CREDENTIAL: NO_LIMIT, RATE_LIMIT_ACCOUNT: NO_LIMIT };
  stack = await readyStack({ extra: { gateway: limits, lifeline: { EMERGENCY_RATE_LIMIT: NO_LIMIT } } });
  probes = await CellProbes.open(stack, SETS.length);
  console.log(`conditions: ${SETS.length} sets, seed ${SEED}`);
});
afterAll(async () => {
  probes?.close();
  await stack?.stop();
});

/** What an operator does: the file of the floor is replaced, and every service reads it by itself. */
function hold(set: ConditionSet): void {
  writeFileSync(`${stack.floorFile}.new`, JSON.stringify({ conditions: [...set] }));
  renameSync(`${stack.floorFile}.new`, stack.floorFile);
}

async function statusOf(name: (typeof SERVICES)[number]) {
  const response = await fetch(`http://127.0.0.1:${stack.settings.ports[name].health}/status`, { signal: AbortSignal.timeout(2_000) });
  return status.parse(await response.json());
}

async function allHold(set: ConditionSet): Promise<void> {
  const wanted = [...set].sort().join();
  for (const name of SERVICES) {
    await until(`${name} holds ${nameOf(set)}`, async () => {
      const { conditions } = await statusOf(name);
      return conditions
        .map(({ condition }) => condition)
        .sort()
        .join() === wanted
        ? true
        : undefined;
    });
  }
}

const expected = (cell: Probed, set: ConditionSet) => (allows(cell, set) ? "served" : "refused");

describe.each(SETS.map((set) => ({ name: nameOf(set), set })))("while $name is held", ({ set }) => {
  it("every service stands on the table's row, and every cell is served or refused as it says", async () => {
    hold(set);
    await allHold(set);
    const row = Object.fromEntries(LADDER_CAPABILITIES.map((name) => [name, modeOf(name, set)]));
    for (const name of SERVICES) expect(await statusOf(name)).toMatchObject({ level: levelOf(set), cells: row });
    const answers = await Promise.all(PROBED.map(async (cell) => [cell, await probes.ask(cell)] as const));
    const got: Readonly<Record<string, Answer>> = Object.fromEntries(answers);
    seen.set(set, Object.fromEntries(answers) as Record<Probed, Answer>);
    const kinds = Object.fromEntries(answers.map(([cell, { kind }]) => [cell, kind]));
    expect(kinds, JSON.stringify(got)).toEqual(Object.fromEntries(PROBED.map((cell) => [cell, expected(cell, set)])));
    for (const answer of Object.values(got)) {
      if (answer.kind === "refused")
        expect(
          [...set].some((condition) => answer.words.includes(condition)),
          answer.words,
        ).toBe(true);
    }
  });

  it("the emergency close is served in the table's mode", async () => {
    const mode = modeOf("emergencyClose", set);
    const said = emergency.parse(await (await fetch(`${stack.lifelineUrl}/status`)).json());
    expect(said.mode).toBe(mode);
    const calldata = await fetch(`${stack.lifelineUrl}/emergency/calldata/${probes.safe.address}`);
    expect(calldata.status).toBe(200);
    const body = JSON.stringify({ account: probes.safe.address, owner: probes.safe.owners[0].address });
    const prepare = await fetch(`${stack.lifelineUrl}/emergency/prepare`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect(prepare.status).toBe(["calldata", "outside"].includes(mode) ? 503 : 200);
  });
});

describe("over everything that was seen", () => {
  it("no set allowed something that widens authority and that a part of it refused", () => {
    expect(seen.size).toBe(SETS.length);
    const widened = [...seen].flatMap(([larger, answers]) =>
      [...seen]
        .filter(([smaller]) => smaller !== larger && [...smaller].every((condition) => larger.has(condition)))
        .flatMap(([smaller, before]) =>
          PROBED.filter((cell) => widensAuthority(cell) && before[cell].kind === "refused" && answers[cell].kind === "served").map(
            (cell) => `${cell}: ${nameOf(smaller)} refused it, ${nameOf(larger)} did not`,
          ),
        ),
    );
    expect(widened).toEqual([]);
    const served = [...seen.values()].flatMap((answers) => PROBED.map((cell) => answers[cell].kind));
    const count = (kind: string) => served.filter((one) => one === kind).length;
    console.log(`conditions: ${seen.size} sets, ${count("served")} answers served, ${count("refused")} refused, ${count("other")} neither`);
  });
});
