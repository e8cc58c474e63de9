import { usageToMessage } from "#platform/limits/usage-message.js";
import type { Usage } from "#proto/interlock/common/v1/common.js";
import type { Session } from "../domain/session-state.js";
import { usageAt } from "../domain/usage.js";

/** Budgets and operations of a session at `now` (Unix seconds) as policy reads them; `except` is the execution that asks again. */
export function usageMessage(state: Session, now: number, except = ""): Usage {
  return usageToMessage(usageAt(state, now, except));
}
