import { CONDITIONS, type Condition } from "#platform/health/condition.js";
import { seededNumbers } from "../seeded-numbers.js";

export type ConditionSet = ReadonlySet<Condition>;

/** All 128 sets of conditions, the smaller before the larger. */
export const ALL_SETS: readonly ConditionSet[] = Array.from(
  { length: 2 ** CONDITIONS.length },
  (_, bits) => new Set(CONDITIONS.filter((_condition, index) => bits & (1 << index))),
).toSorted((a, b) => a.size - b.size);

/** `count` of them: those of none, one and all conditions always, the others drawn by `seed`. */
export function someSets(count: number, seed: number): readonly ConditionSet[] {
  const fixed = ALL_SETS.filter(({ size }) => size <= 1 || size === CONDITIONS.length);
  const draw = seededNumbers(seed);
  const others = ALL_SETS.filter((set) => !fixed.includes(set))
    .map((set) => ({ set, at: draw(1_000_000) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ set }) => set);
  return [...fixed, ...others].slice(0, Math.max(count, fixed.length));
}

/** For people. */
export const nameOf = (set: ConditionSet): string => (set.size === 0 ? "nothing" : [...set].join("+"));
