import type { Policy } from "./policy.js";
import { Refusal } from "./refusal.js";

/** Uses of a session in the order they happened, as unix times. The model forgets nothing: no ring, no packing. */
export type Uses = readonly number[];

/** No count limit. */
const UNLIMITED = 255;

/** How many uses are still younger than the window at `now`. */
function recent(policy: Policy, uses: Uses, now: number): number {
  return uses.filter((use) => now - use < policy.rateWindow).length;
}

/** One more use at `now`, unless the window holds `maxOps` already. */
export function countUse(policy: Policy, uses: Uses, now: number): Uses {
  if (policy.maxOps === 0) return uses;
  if (recent(policy, uses, now) >= policy.maxOps) throw new Refusal("RateLimited(uint40)", nextUseAt(policy, uses));
  return [...uses, now];
}

/** Uses that the window still admits at `now`. */
export function usesLeft(policy: Policy, uses: Uses, now: number): number {
  return policy.maxOps === 0 ? UNLIMITED : policy.maxOps - recent(policy, uses, now);
}

/** When the oldest of the last `maxOps` uses leaves the window. */
export function nextUseAt(policy: Policy, uses: Uses): number {
  const oldest = uses.at(-policy.maxOps);
  if (oldest === undefined) throw new Error("the window is not full");
  return oldest + policy.rateWindow;
}
