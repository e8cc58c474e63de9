import truth from "../../../../deploy/ladder.truth.json" with { type: "json" };
import { CONDITIONS, type Condition, isCondition } from "../health/condition.js";

export type LadderCapability = keyof typeof truth.capabilities;
export type Mode = keyof typeof truth.modes;
/** Rungs of the ladder, for people and for Helm. */
export const LEVELS = ["L0", "L1", "L2", "L3", "L4", "L5", "L6"] as const;
export type Level = (typeof LEVELS)[number];

interface Row {
  readonly when: readonly Condition[];
  readonly level: Level;
  readonly cells: Readonly<Record<LadderCapability, Mode>>;
}

/** Everything the ladder speaks of. */
export const LADDER_CAPABILITIES = Object.keys(truth.capabilities).filter((name): name is LadderCapability => name in truth.capabilities);

const isMode = (value: string): value is Mode => value in truth.modes;
const isLevel = (value: string): value is Level => LEVELS.some((level) => level === value);

/** Cells whose feature does not exist yet, as `DbDown+KafkaDown/list`: they refuse. */
const ABSENT: ReadonlySet<string> = new Set(truth.absent.map(({ cell }) => cell));

/** True for the name of a capability. */
export const isLadderCapability = (value: unknown): value is LadderCapability => LADDER_CAPABILITIES.some((name) => name === value);

/** The rows of deploy/ladder.truth.json. @throws Error at the start when the file names a condition, mode or level nobody knows */
const ROWS: readonly Row[] = truth.rows.map(({ when, level, cells }) => {
  const conditions = when.filter(isCondition);
  if (conditions.length !== when.length || !isLevel(level))
    throw new Error(`ladder.truth.json: row ${when.join("+")} (${level}) is malformed`);
  const read = (name: LadderCapability): [LadderCapability, Mode] => {
    const mode = ABSENT.has(`${when.join("+")}/${name}`) ? "absent" : cells[name];
    if (!isMode(mode)) throw new Error(`ladder.truth.json: ${mode} of ${name} is no mode`);
    return [name, mode];
  };
  return { when: conditions, level, cells: Object.fromEntries(LADDER_CAPABILITIES.map(read)) as Row["cells"] };
});

/** Rows all of whose conditions hold. The first, with none, always does. */
const applying = (conditions: ReadonlySet<Condition>) => ROWS.filter(({ when }) => when.every((one) => conditions.has(one)));

/** How a capability is served while `conditions` hold: the worst that any row says, so that one more condition never gives anything back. */
export function modeOf(capability: LadderCapability, conditions: ReadonlySet<Condition>): Mode {
  return applying(conditions)
    .map(({ cells }) => cells[capability])
    .reduce((worst, mode) => (truth.modes[mode].rank > truth.modes[worst].rank ? mode : worst));
}

/** The conditions that hold and have a part in refusing the capability: each by itself, or else the whole set that does so together. */
export function refusing(capability: LadderCapability, held: ReadonlySet<Condition>): readonly Condition[] {
  const alone = deniedBy(capability).filter((condition) => held.has(condition));
  return alone.length > 0 ? alone : [...held];
}

/** How everything is served while `conditions` hold. */
export function cellsOf(conditions: ReadonlySet<Condition>): Readonly<Record<string, Mode>> {
  return Object.fromEntries(LADDER_CAPABILITIES.map((name) => [name, modeOf(name, conditions)]));
}

/** True when the capability is served at all, in whatever mode. */
export function allows(capability: LadderCapability, conditions: ReadonlySet<Condition>): boolean {
  return truth.modes[modeOf(capability, conditions)].allows;
}

/** True for what gives somebody more power than before: it fails closed. */
export const widensAuthority = (capability: LadderCapability): boolean => truth.capabilities[capability].widensAuthority;

/** The highest rung that `conditions` stand on. */
export function levelOf(conditions: ReadonlySet<Condition>): Level {
  const rungs = applying(conditions).map(({ level }) => LEVELS.indexOf(level));
  return LEVELS[Math.max(...rungs)] ?? "L0";
}

/** Conditions that by themselves take the capability away: `downWhen` of a service that serves it. */
export function deniedBy(capability: LadderCapability): readonly Condition[] {
  return CONDITIONS.filter((condition) => !allows(capability, new Set([condition])));
}

/** What an operator's level stands for: the first condition of that rung's row; nothing for L0. */
export function conditionsOfLevel(level: Level): readonly Condition[] {
  return level === "L0" ? [] : (ROWS.find((row) => row.level === level)?.when ?? []);
}
