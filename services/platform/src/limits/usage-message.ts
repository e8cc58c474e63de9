import type { Usage } from "#proto/interlock/common/v1/common.js";
import { InterlockError } from "../errors/interlock-error.js";
import type { BudgetWindow } from "./budget-window.js";
import { tokenKey } from "./limits.js";
import type { LimitsState } from "./limits-state.js";

/** `state` as the wire message: decimal strings, tokens in lower case and sorted, so that equal states give equal bytes. */
export function usageToMessage(state: LimitsState): Usage {
  const budgets = [...state.budgets].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    budgets: budgets.map(([token, { index, previous, current }]) => ({
      token,
      bucketIndex: String(index),
      previous: String(previous),
      current: String(current),
    })),
    operations: state.operations.map(String),
  };
}

/**
 * The state in a wire message; an absent message is an unused session.
 * @throws InterlockError VALIDATION_FAILED naming the field that is no unsigned decimal, a token given twice, or operations out of order.
 */
export function usageFromMessage(usage: Usage | undefined | null): LimitsState {
  const budgets = new Map<string, BudgetWindow>();
  for (const [i, budget] of (usage?.budgets ?? []).entries()) {
    const at = `usage.budgets[${i}]`;
    const token = tokenKey(budget.token);
    if (!/^0x[0-9a-f]{40}$/.test(token)) refuse(`${at}.token`, "must be an address", budget.token);
    if (budgets.has(token)) refuse(`${at}.token`, "must not be given twice", budget.token);
    budgets.set(token, {
      index: unsigned(`${at}.bucket_index`, budget.bucketIndex),
      previous: unsigned(`${at}.previous`, budget.previous),
      current: unsigned(`${at}.current`, budget.current),
    });
  }
  const operations = (usage?.operations ?? []).map((time, i) => unsigned(`usage.operations[${i}]`, time));
  for (const [i, time] of operations.entries()) {
    const before = operations[i - 1];
    if (before !== undefined && time < before) refuse(`usage.operations[${i}]`, "must be oldest first", String(time));
  }
  return { budgets, operations };
}

function unsigned(field: string, value: string): bigint {
  if (!/^(0|[1-9][0-9]{0,77})$/.test(value)) refuse(field, "must be an unsigned decimal integer", value);
  return BigInt(value);
}

function refuse(field: string, rule: string, value: string): never {
  throw new InterlockError("VALIDATION_FAILED", `${field}: ${rule}`, { details: { field, rule, value: value.slice(0, 100) } });
}
