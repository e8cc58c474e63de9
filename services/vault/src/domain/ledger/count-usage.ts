import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Limits } from "#platform/limits/limits.js";
import { count, type LimitsState } from "#platform/limits/limits-state.js";
import { limitRefusals } from "#platform/limits/reserve.js";
import type { Spending } from "../signing/spending.js";

/**
 * The vault's own count after `spending`, by the chain's formula. Nobody's usage figures enter, and nothing is ever given back: a signature
 * that was handed out may be mined until its deadline, and whether it was is only hearsay here.
 * @param now Unix seconds of the vault's own clock
 * @throws InterlockError FLOOR_EXCEEDED with the first limit that is in the way
 */
export function countUsage(limits: Limits, used: LimitsState, spending: Spending, now: bigint): LimitsState {
  expectWithinLimits(limits, used, spending, now);
  return count(limits, used, spending, now);
}

/** As `countUsage`, for what is not to be counted yet. @throws InterlockError FLOOR_EXCEEDED with the first limit that is in the way */
export function expectWithinLimits(limits: Limits, used: LimitsState, spending: Spending, now: bigint): void {
  const [first] = limitRefusals(limits, used, spending, now);
  if (first === undefined) return;
  const { code, ...facts } = first;
  const details = Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, String(value)]));
  throw new InterlockError("FLOOR_EXCEEDED", `the sealed floor does not allow this: ${code}`, { details: { reason: code, ...details } });
}
