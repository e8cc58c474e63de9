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
  BadRule: "NON_CANONICAL",
  BadSignature: "FORBIDDEN",
  CallFailed: "SIMULATION_FAILED",
  DeadlinePassed: "EXPIRED",
  Expired: "EXPIRED",
  InvalidShortString: "VALIDATION_FAILED",
  LimitExceeded: "BUDGET_EXCEEDED",
  ModuleNotEnabled: "EXTERNALLY_REVOKED",
  NonceUsed: "INTENT_REPLAYED",
  NotAllowed: "FUNCTION_NOT_ALLOWED",
  NotArmed: "NOT_ARMED",
  NotAuthorized: "FORBIDDEN",
  NotGovernor: "FORBIDDEN",
  NotGuardian: "FORBIDDEN",
  NotInScope: "NOT_IN_SCOPE",
  NotKey: "FORBIDDEN",
  NotRegistered: "TARGET_NOT_ALLOWED",
  NotSafe: "UNSUPPORTED_ACCOUNT",
  NotYet: "NOT_YET_VALID",
  NothingPending: "NOT_FOUND",
  PerOpExceeded: "PER_OP_EXCEEDED",
  ProtocolIsPaused: "CONDITION",
  ProtocolNotInScope: "TARGET_NOT_ALLOWED",
  RateLimited: "OP_RATE_EXCEEDED",
  RecipientExists: "ALREADY_EXISTS",
  RecipientNotAllowed: "RECIPIENT_NOT_ALLOWED",
  Reentered: "SIMULATION_FAILED",
  RefundFailed: "SIMULATION_FAILED",
  ReturnedFalse: "SIMULATION_FAILED",
  Revoked: "DISARMED",
  RuleExists: "ALREADY_EXISTS",
  RuleTooNew: "FUNCTION_NOT_ALLOWED",
  SelfCall: "TARGET_NOT_ALLOWED",
  StaleEpoch: "STALE_EPOCH",
  StringTooLong: "VALIDATION_FAILED",
  TokenNotInScope: "TOKEN_NOT_IN_SCOPE",
  TooEarly: "NOT_YET_VALID",
  TooManyVaults: "RESOURCE_EXHAUSTED",
  UnknownOperation: "FUNCTION_NOT_ALLOWED",
  ValueNotAllowed: "VALUE_EXCEEDED",
  WrongKind: "FUNCTION_NOT_ALLOWED",
};

/** True when the table has a row of its own for this custom error. */
export function knowsSelectorName(name: string): boolean {
  return Object.hasOwn(CODES, name);
}

/** Reason code of a contract's custom error; SIMULATION_FAILED for one that is not ours. */
export function codeOfSelectorName(name: string): ErrorCode {
  return knowsSelectorName(name) ? (CODES[name] ?? "SIMULATION_FAILED") : "SIMULATION_FAILED";
}
