import type { JsonObject } from "#platform/kernel/json.js";
import type { LimitsState } from "#platform/limits/limits-state.js";
import { usageFromMessage, usageToMessage } from "#platform/limits/usage-message.js";
import type { Usage } from "#proto/interlock/common/v1/common.js";

/** The count as it is stored: the wire form, whose integers are decimal text. */
export function usageToJson(usage: LimitsState): JsonObject {
  const { budgets, operations } = usageToMessage(usage);
  return { budgets: budgets.map((budget) => ({ ...budget })), operations };
}

/** The stored count. @throws InterlockError VALIDATION_FAILED when the row was tampered with */
export function usageFromJson(usage: Usage): LimitsState {
  return usageFromMessage(usage);
}
