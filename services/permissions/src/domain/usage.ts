import { bucketIndex, rollBudget } from "#platform/limits/budget-window.js";
import { tokenKey } from "#platform/limits/limits.js";
import { budgetOf, type LimitsState } from "#platform/limits/limits-state.js";
import { MAX_DEADLINE } from "./decide-use.js";
import { budgetLeftThroughout, heldOperations } from "./reservation-window.js";
import type { Reservation, Session } from "./session-state.js";

/**
 * Budgets and operation times at `at` (Unix seconds), reservations included, as the evaluator reads them: its own formula leaves of each
 * budget exactly what an intent of the longest deadline may still take here. `except` names an execution that is left out: it asks again.
 */
export function usageAt(state: Session, at: number, except = ""): LimitsState {
  const pending: Reservation[] = [...state.pending.values()].filter(({ executionId }) => executionId !== except);
  const used = { committed: state.committed, pending };
  const from = BigInt(at) > state.limits.validAfter ? BigInt(at) : state.limits.validAfter;
  const window = { from, deadline: from + BigInt(MAX_DEADLINE) };
  const now = bucketIndex(from, state.limits.validAfter, state.limits.budgetWindow);
  const budgets = state.limits.limits.map(({ token, perPeriod }) => {
    const { index, previous } = rollBudget(budgetOf(state.committed, token), now);
    const taken = perPeriod - budgetLeftThroughout(state.limits, used, token, window);
    const earlier = lesser(previous, taken);
    return [tokenKey(token), { index, previous: earlier, current: taken - earlier }] as const;
  });
  const counted = state.limits.maxOps === 0 ? [] : heldOperations(used);
  return { budgets: new Map(budgets), operations: counted };
}

function lesser(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}
