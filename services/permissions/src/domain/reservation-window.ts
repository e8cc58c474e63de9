import { bucketIndex, rollBudget } from "#platform/limits/budget-window.js";
import { type Limits, limitOf, type Operation, type Spend, tokenKey } from "#platform/limits/limits.js";
import { budgetOf, type LimitsState } from "#platform/limits/limits-state.js";
import { nextOperationAt, operationsLeft } from "#platform/limits/rate-window.js";
import type { LimitRefusal } from "#platform/limits/reserve.js";
import type { Reservation } from "./session-state.js";

/** What is used already: counted by the chain, and held for intents that may still be mined. */
export interface Used {
  readonly committed: LimitsState;
  readonly pending: Iterable<Reservation>;
}

/** When an intent can be mined: from now to its deadline, Unix seconds. */
export interface Window {
  readonly from: bigint;
  readonly deadline: bigint;
}

/**
 * All that keeps `operation` from being accepted by the chain in whatever second of `window`, and in whatever order with the pending
 * reservations, it is mined; empty when nothing does.
 *
 * The second of mining is unknown, so a pending reservation is counted at its worst:
 * - rate: at its deadline, where it holds its place in the sliding window longest;
 * - budgets: in every bucket it can fall into, once per pair of neighbours; `previous + current` of each pair must hold the new amount.
 *
 * Then every set of operations the chain could compare with its limit was within that limit when its last member was reserved.
 */
export function limitRefusals(limits: Limits, used: Used, operation: Operation, window: Window): LimitRefusal[] {
  return [...rateRefusals(limits, used, operation, window), ...spendRefusals(limits, used, operation, window)];
}

/** Operation times with every pending one at its deadline, oldest first. */
export function heldOperations(used: Used): readonly bigint[] {
  const held = [...used.committed.operations];
  for (const { operation, deadline } of used.pending) held.push(...new Array<bigint>(operation.operations).fill(deadline));
  return held.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function rateRefusals(limits: Limits, used: Used, operation: Operation, window: Window): LimitRefusal[] {
  const held = limits.maxOps === 0 ? [] : heldOperations(used);
  const left = operationsLeft(held, limits, window.from);
  if (left === undefined || operation.operations <= left) return [];
  const nextAt = nextOperationAt(held, limits, window.from, operation.operations);
  return [{ code: "OP_RATE_EXCEEDED", asked: operation.operations, left, nextAt }];
}

function spendRefusals(limits: Limits, used: Used, operation: Operation, window: Window): LimitRefusal[] {
  const refusals: LimitRefusal[] = [];
  const asked = new Map<string, bigint>();
  for (const spend of operation.spends) {
    if (spend.amount === 0n) continue;
    const limit = limitOf(limits, spend.token);
    if (limit === undefined) {
      refusals.push({ code: "TOKEN_NOT_IN_SCOPE", token: spend.token, asked: spend.amount });
      continue;
    }
    if (spend.amount > limit.perOp) {
      refusals.push({ code: "PER_OP_EXCEEDED", token: spend.token, asked: spend.amount, limit: limit.perOp });
    }
    const before = asked.get(tokenKey(spend.token)) ?? 0n;
    const left = budgetLeftThroughout(limits, used, spend.token, window) - before;
    if (spend.amount > left) {
      refusals.push({ code: "BUDGET_EXCEEDED", token: spend.token, asked: spend.amount, left: left > 0n ? left : 0n });
    }
    asked.set(tokenKey(spend.token), before + spend.amount);
  }
  return refusals;
}

/** What may be spent of `token` in any second of `window`; negative never, 0 without a limit. */
export function budgetLeftThroughout(limits: Limits, used: Used, token: string, window: Window): bigint {
  const limit = limitOf(limits, token);
  if (limit === undefined) return 0n;
  const budget = budgetOf(used.committed, token);
  // The chain's time never goes back: a bucket older than the last one it counted in cannot come again.
  const first = later(bucketOf(limits, window.from), budget.index);
  const last = later(bucketOf(limits, window.deadline), first);
  let left = limit.perPeriod;
  for (let index = first; index <= last + 1n; index += 1n) {
    const { previous, current } = rollBudget(budget, index);
    const free = limit.perPeriod - previous - current - heldIn(limits, used, token, index);
    if (free < left) left = free;
  }
  return left > 0n ? left : 0n;
}

/** Sum of the reservations of `token` that can fall into bucket `index` or the one before. */
function heldIn(limits: Limits, used: Used, token: string, index: bigint): bigint {
  let sum = 0n;
  for (const { operation, reservedAt, deadline } of used.pending) {
    if (bucketOf(limits, deadline) < index - 1n || bucketOf(limits, reservedAt) > index) continue;
    sum += amountOf(operation.spends, token);
  }
  return sum;
}

function amountOf(spends: readonly Spend[], token: string): bigint {
  return spends.reduce((sum, spend) => (tokenKey(spend.token) === tokenKey(token) ? sum + spend.amount : sum), 0n);
}

function bucketOf(limits: Limits, at: bigint): bigint {
  return bucketIndex(at, limits.validAfter, limits.budgetWindow);
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
