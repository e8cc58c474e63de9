import { bucketIndex } from "#platform/limits/budget-window.js";
import { nextOperationAt, operationsLeft } from "#platform/limits/rate-window.js";
import { MAX_DEADLINE } from "./decide-use.js";
import { budgetLeftThroughout, heldOperations } from "./reservation-window.js";
import type { Session } from "./session-state.js";

/** What is left of one token's budget. */
export interface TokenLeft {
  readonly token: string;
  readonly perOp: bigint;
  readonly perPeriod: bigint;
  readonly left: bigint;
  /** Unix seconds at which the current bucket ends. */
  readonly resetsAt: bigint;
}

/** What a session may still do. */
export interface UsageLeft {
  readonly tokens: readonly TokenLeft[];
  /** Undefined without a count limit. */
  readonly operationsLeft: number | undefined;
  /** Unix seconds; undefined when there will be none. */
  readonly nextOperationAt: bigint | undefined;
}

/** Budgets and operations left at `now` (Unix seconds), reservations counted at their worst. */
export function usageLeft(state: Session, now: number): UsageLeft {
  const { limits, committed } = state;
  const used = { committed, pending: [...state.pending.values()] };
  const from = BigInt(now) > limits.validAfter ? BigInt(now) : limits.validAfter;
  const window = { from, deadline: from + BigInt(MAX_DEADLINE) };
  const bucketEnd = limits.validAfter + (bucketIndex(from, limits.validAfter, limits.budgetWindow) + 1n) * limits.budgetWindow;
  const held = heldOperations(used);
  const next = nextOperationAt(held, limits, from);
  const over = next !== undefined && next >= BigInt(state.grant.policy.validUntil);
  return {
    tokens: limits.limits.map((limit) => ({
      ...limit,
      left: budgetLeftThroughout(limits, used, limit.token, window),
      resetsAt: bucketEnd,
    })),
    operationsLeft: operationsLeft(held, limits, from),
    nextOperationAt: over ? undefined : next,
  };
}
