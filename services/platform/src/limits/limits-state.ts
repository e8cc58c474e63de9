import { addToBudget, type BudgetWindow, bucketIndex, takeFromBudget, UNUSED_BUDGET } from "./budget-window.js";
import { type Limits, type Operation, tokenKey } from "./limits.js";
import { addOperations, countedOperations, removeOperations } from "./rate-window.js";

/** What a session has used, reservations included: budgets by lower-case token, operations in Unix seconds, oldest first. */
export interface LimitsState {
  readonly budgets: ReadonlyMap<string, BudgetWindow>;
  readonly operations: readonly bigint[];
}

/** A session that has done nothing yet. */
export const UNUSED: LimitsState = { budgets: new Map(), operations: [] };

/** The budget of `token` as stored; an unused one when nothing was spent. */
export function budgetOf(state: LimitsState, token: string): BudgetWindow {
  return state.budgets.get(tokenKey(token)) ?? UNUSED_BUDGET;
}

/** Counts `operation` at `at` whatever the limits say; forgets operations that no longer count at `at`. */
export function count(limits: Limits, state: LimitsState, operation: Operation, at: bigint): LimitsState {
  const index = bucketIndex(at, limits.validAfter, limits.budgetWindow);
  const budgets = new Map(state.budgets);
  for (const { token, amount } of operation.spends) {
    const key = tokenKey(token);
    budgets.set(key, addToBudget(budgets.get(key) ?? UNUSED_BUDGET, index, amount));
  }
  if (limits.maxOps === 0) return { budgets, operations: [] };
  const operations = addOperations(countedOperations(state.operations, limits, at), at, operation.operations);
  return { budgets, operations };
}

/** Takes back what was counted at `at`: for a reservation whose intent can never be mined any more. */
export function release(limits: Limits, state: LimitsState, operation: Operation, at: bigint): LimitsState {
  const index = bucketIndex(at, limits.validAfter, limits.budgetWindow);
  const budgets = new Map(state.budgets);
  for (const { token, amount } of operation.spends) {
    const key = tokenKey(token);
    const budget = budgets.get(key);
    if (budget !== undefined) budgets.set(key, takeFromBudget(budget, index, amount));
  }
  return { budgets, operations: removeOperations(state.operations, at, operation.operations) };
}

/** Moves what was reserved at `reservedAt` to the block's time, so that the state stays what the chain counts. */
export function settle(limits: Limits, state: LimitsState, operation: Operation, reservedAt: bigint, minedAt: bigint): LimitsState {
  return count(limits, release(limits, state, operation, reservedAt), operation, minedAt);
}
