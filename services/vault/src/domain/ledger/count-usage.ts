import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Limits } from "#platform/limits/limits.js";
import type { LimitsState } from "#platform/limits/limits-state.js";
import { reserve } from "#platform/limits/reserve.js";
import type { Spending } from "../signing/spending.js";

/**
 * The vault's own count after `spending`, by the chain's formula. Nobody's usage figures enter, and nothing is ever given back: a signature
 * that was handed out may be mined until its deadline, and whether it was is only hearsay here.
 * @param now Unix seconds of the vault's own clock
 * @throws InterlockError FLOOR_EXCEEDED with the first limit that is in the way
 */
export function countUsage(limits: Limits, used: LimitsState, spending: Spending, now: bigint): LimitsState {
  const reservation = reserve(limits, used, spending, now);
  if (reservation.ok) return reservation.state;
  const [first] = reservation.refusals;
  const { code = "BUDGET_EXCEEDED", ...facts } = first ?? {};
  const details = Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, String(value)]));
  throw new InterlockError("FLOOR_EXCEEDED", `the sealed floor does not allow this: ${code}`, { details: { reason: code, ...details } });
}
