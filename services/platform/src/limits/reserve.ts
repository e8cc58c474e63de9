import type { Address } from "viem";
import { bucketIndex, budgetLeft } from "./budget-window.js";
import { type Limits, limitOf, type Operation, type TokenLimit } from "./limits.js";
import { budgetOf, count, type LimitsState, UNUSED } from "./limits-state.js";
import { nextOperationAt, operationsLeft } from "./rate-window.js";

/** Why an operation does not fit; the codes are rows of the error table. */
export type LimitRefusal =
  | { readonly code: "TOKEN_NOT_IN_SCOPE"; readonly token: Address; readonly asked: bigint }
  | { readonly code: "PER_OP_EXCEEDED"; readonly token: Address; readonly asked: bigint; readonly limit: bigint }
  | { readonly code: "BUDGET_EXCEEDED"; readonly token: Address; readonly asked: bigint; readonly left: bigint }
  | { readonly code: "OP_RATE_EXCEEDED"; readonly asked: number; readonly left: number; readonly nextAt: bigint | undefined };

export type Reservation =
  | { readonly ok: true; readonly state: LimitsState }
  | { readonly ok: false; readonly refusals: readonly LimitRefusal[] };

/**
 * Reserves `operation` at `now` (Unix seconds, not before `validAfter`) when it fits every limit, else says all that is in the way.
 * Same verdict as SessionModule for the same history: rate first, then each spend in order against its token's limits.
 */
export function reserve(limits: Limits, state: LimitsState, operation: Operation, now: bigint): Reservation {
  const refusals = limitRefusals(limits, state, operation, now);
  if (refusals.length > 0) return { ok: false, refusals };
  return { ok: true, state: count(limits, state, operation, now) };
}

/** All that is in the way of `operation` at `now`, without counting it; none when it fits. */
export function limitRefusals(limits: Limits, state: LimitsState, operation: Operation, now: bigint): readonly LimitRefusal[] {
  const refusals: LimitRefusal[] = [];
  const left = operationsLeft(state.operations, limits, now);
  if (left !== undefined && operation.operations > left) {
    const nextAt = nextOperationAt(state.operations, limits, now, operation.operations);
    refusals.push({ code: "OP_RATE_EXCEEDED", asked: operation.operations, left, nextAt });
  }
  refusals.push(...refusedSpends(limits, state, operation, now));
  return refusals;
}

function refusedSpends(limits: Limits, state: LimitsState, operation: Operation, now: bigint): LimitRefusal[] {
  const refusals: LimitRefusal[] = [];
  let running: LimitsState = { ...UNUSED, budgets: state.budgets };
  const last = operation.spends.length - 1;
  for (const [i, { token, amount }] of operation.spends.entries()) {
    if (amount === 0n) continue;
    const limit = limitOf(limits, token);
    if (limit === undefined) {
      refusals.push({ code: "TOKEN_NOT_IN_SCOPE", token, asked: amount });
      continue;
    }
    if (amount > limit.perOp) refusals.push({ code: "PER_OP_EXCEEDED", token, asked: amount, limit: limit.perOp });
    const left = leftOf(limits, running, limit, now);
    if (amount > left) refusals.push({ code: "BUDGET_EXCEEDED", token, asked: amount, left });
    if (i < last) running = count(limits, running, { operations: 0, spends: [{ token, amount }] }, now);
  }
  return refusals;
}

/** What may still be spent of `token` at `now` (Unix seconds), by the chain's formula; 0 when the policy has no limit for it. */
export function remaining(limits: Limits, state: LimitsState, token: string, now: bigint): bigint {
  const limit = limitOf(limits, token);
  return limit === undefined ? 0n : leftOf(limits, state, limit, now);
}

function leftOf({ validAfter, budgetWindow }: Limits, state: LimitsState, { token, perPeriod }: TokenLimit, now: bigint): bigint {
  return budgetLeft(budgetOf(state, token), bucketIndex(now, validAfter, budgetWindow), perPeriod);
}
