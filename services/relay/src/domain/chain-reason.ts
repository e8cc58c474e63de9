import type { ErrorCode } from "#platform/errors/error-table.js";
import { codeOfSelectorName } from "#platform/errors/selector-codes.js";
import type { ReasonJson } from "./execution-event.js";

/** A custom error of the module, the registry or the Safe, decoded. */
export interface ChainError {
  readonly name: string;
  /** Its arguments for people, for example `token=0x..., asked=5, left=3`. */
  readonly detail: string;
}

/** Where the relay knows more than the shared table: a session that is armed for us but not on chain was revoked there. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  NotArmed: "EXTERNALLY_REVOKED",
  Revoked: "EXTERNALLY_REVOKED",
  ModuleNotEnabled: "EXTERNALLY_REVOKED",
  GS104: "EXTERNALLY_REVOKED",
  NotYet: "NOT_YET_VALID",
  DeadlinePassed: "EXPIRED",
  NotAllowed: "FUNCTION_NOT_ALLOWED",
};

/** The reason an execution shows for what the chain said; `path` is `deadline` when only time ran out. */
export function chainReason(error: ChainError): ReasonJson {
  return {
    code: CODES[error.name] ?? codeOfSelectorName(error.name),
    message: error.detail === "" ? `the chain refused it: ${error.name}` : `the chain refused it: ${error.name} (${error.detail})`,
    ruleId: "",
    path: error.name === "DeadlinePassed" ? "deadline" : "chain",
    operator: "",
    expected: "",
    actual: error.name,
  };
}
