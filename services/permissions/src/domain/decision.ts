import type { ErrorCode } from "#platform/errors/error-table.js";
import type { JsonObject } from "#platform/kernel/json.js";
import type { SessionEvent } from "./session-events.js";

/** What a command comes to: events to append (none when it is already so), or a refusal that changes nothing. */
export type Decision =
  | { readonly kind: "events"; readonly events: readonly SessionEvent[] }
  | { readonly kind: "refused"; readonly code: ErrorCode; readonly message: string; readonly details: JsonObject };

/** It happened. */
export function happened(...events: readonly SessionEvent[]): Decision {
  return { kind: "events", events };
}

/** It is so already: asking twice is no error and no second event. */
export const ALREADY: Decision = { kind: "events", events: [] };

/** It must not happen. */
export function refused(code: ErrorCode, message: string, details: JsonObject = {}): Decision {
  return { kind: "refused", code, message, details };
}
