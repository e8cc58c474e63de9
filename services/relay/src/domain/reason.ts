import type { ErrorCode } from "#platform/errors/error-table.js";
import type { ReasonJson } from "./execution-event.js";

/** A reason of the relay's own; `path` names what it is about. */
export function reason(code: ErrorCode, message: string, path = ""): ReasonJson {
  return { code, message, ruleId: "", path, operator: "", expected: "", actual: "" };
}
