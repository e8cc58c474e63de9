import type { ErrorCode } from "./error-table.js";

/** Custom error of our contracts -> reason code; the wording of 01-contracts "Errors and events". */
const CODES: Readonly<Record<string, ErrorCode>> = {
  NotArmed: "NOT_ARMED",
  AlreadyArmed: "ALREADY_ARMED",
  Revoked: "DISARMED",
  Disarmed: "DISARMED",
  StaleEpoch: "STALE_EPOCH",
  NotYetValid: "NOT_YET_VALID",
  Expired: "EXPIRED",
  DeadlineExpired: "EXPIRED",
  SignatureExpired: "EXPIRED",
  RateLimited: "OP_RATE_EXCEEDED",
  LimitExceeded: "BUDGET_EXCEEDED",
  PerOpExceeded: "PER_OP_EXCEEDED",
  TokenNotInScope: "TOKEN_NOT_IN_SCOPE",
  RecipientNotAllowed: "RECIPIENT_NOT_ALLOWED",
  TargetNotAllowed: "TARGET_NOT_ALLOWED",
  SelectorNotAllowed: "FUNCTION_NOT_ALLOWED",
  FunctionNotAllowed: "FUNCTION_NOT_ALLOWED",
  NotInScope: "FUNCTION_NOT_ALLOWED",
  ScopeMismatch: "FUNCTION_NOT_ALLOWED",
  NoRule: "FUNCTION_NOT_ALLOWED",
  RuleTooNew: "FUNCTION_NOT_ALLOWED",
  ProtocolNotAllowed: "TARGET_NOT_ALLOWED",
  ProtocolPaused: "CONDITION",
  BadCalldata: "NON_CANONICAL",
  ValueNotAllowed: "VALUE_EXCEEDED",
  NonceUsed: "INTENT_REPLAYED",
  NotKey: "FORBIDDEN",
  BadSignature: "FORBIDDEN",
  BadOwnerSignature: "OWNER_SIGNATURE_INVALID",
  SlippageExceeded: "SLIPPAGE_EXCEEDED",
};

/** Reason code of a contract's custom error; SIMULATION_FAILED for one that is not ours. */
export function codeOfSelectorName(name: string): ErrorCode {
  return Object.hasOwn(CODES, name) ? (CODES[name] ?? "SIMULATION_FAILED") : "SIMULATION_FAILED";
}
