import type { ErrorCode } from "./error-table.js";

/** Custom error of our contracts -> reason code; the wording of 01-contracts "Errors and events". */
const CODES: Readonly<Record<string, ErrorCode>> = {
  AllowanceLeft: "ARGUMENT_REFUSED",
  AlreadyUsedId: "ALREADY_ARMED",
  ApproveOutsideBatch: "FUNCTION_NOT_ALLOWED",
  BadArguments: "NON_CANONICAL",
  BadBatch: "NON_CANONICAL",
  BadCalldata: "NON_CANONICAL",
  BadPolicy: "POLICY_MISMATCH",
  BadRecipient: "RECIPIENT_NOT_ALLOWED",
  BadSignature: "FORBIDDEN",
  DeadlinePassed: "EXPIRED",
  Expired: "EXPIRED",
  LimitExceeded: "BUDGET_EXCEEDED",
  NonceUsed: "INTENT_REPLAYED",
  NotAllowed: "FUNCTION_NOT_ALLOWED",
  NotArmed: "NOT_ARMED",
  NotAuthorized: "FORBIDDEN",
  NotInScope: "FUNCTION_NOT_ALLOWED",
  NotKey: "FORBIDDEN",
  NotRegistered: "TARGET_NOT_ALLOWED",
  NotYet: "NOT_YET_VALID",
  PerOpExceeded: "PER_OP_EXCEEDED",
  ProtocolIsPaused: "CONDITION",
  ProtocolNotInScope: "TARGET_NOT_ALLOWED",
  RateLimited: "OP_RATE_EXCEEDED",
  RecipientNotAllowed: "RECIPIENT_NOT_ALLOWED",
  Revoked: "DISARMED",
  RuleTooNew: "FUNCTION_NOT_ALLOWED",
  SelfCall: "TARGET_NOT_ALLOWED",
  StaleEpoch: "STALE_EPOCH",
  TokenNotInScope: "TOKEN_NOT_IN_SCOPE",
  UnknownOperation: "FUNCTION_NOT_ALLOWED",
  ValueNotAllowed: "VALUE_EXCEEDED",
  WrongKind: "FUNCTION_NOT_ALLOWED",
};

/** Reason code of a contract's custom error; SIMULATION_FAILED for one that is not ours. */
export function codeOfSelectorName(name: string): ErrorCode {
  return Object.hasOwn(CODES, name) ? (CODES[name] ?? "SIMULATION_FAILED") : "SIMULATION_FAILED";
}
