import { type ErrorRow, row } from "./error-row.js";

/**
 * The one place where a failure's meaning at every border is decided: gRPC status, HTTP status, problem type and audit reason, title.
 * A row is added, never renamed: clients and auditors hold on to `type` and `auditReason`.
 */
export const ERROR_TABLE = {
  // Requests and borders
  VALIDATION_FAILED: row("INVALID_ARGUMENT", 400, "validation-failed", "The request breaks a rule of its schema"),
  UNAUTHENTICATED: row("UNAUTHENTICATED", 401, "unauthenticated", "No valid credentials"),
  FORBIDDEN: row("PERMISSION_DENIED", 403, "forbidden", "These credentials may not do this"),
  NOT_FOUND: row("NOT_FOUND", 404, "not-found", "There is no such thing, or it is not yours"),
  ACCOUNT_NOT_OWNED: row("NOT_FOUND", 404, "account-not-owned", "There is no such thing, or it is not yours"),
  CONFLICT: row("ABORTED", 409, "conflict", "The state does not allow this now"),
  WRONG_EXPECTED_VERSION: row("ABORTED", 409, "wrong-expected-version", "Somebody else changed this first"),
  ALREADY_EXISTS: row("ALREADY_EXISTS", 409, "already-exists", "It exists already"),
  IDEMPOTENCY_KEY_MISSING: row("INVALID_ARGUMENT", 400, "idempotency-key-missing", "The Idempotency-Key header is required"),
  IDEMPOTENCY_KEY_IN_FLIGHT: row("ABORTED", 409, "idempotency-key-in-flight", "A request with this Idempotency-Key is still running", 1),
  IDEMPOTENCY_KEY_REUSED: row("FAILED_PRECONDITION", 422, "idempotency-key-reused", "This Idempotency-Key was used with another body"),
  RATE_LIMITED: row("RESOURCE_EXHAUSTED", 429, "rate-limited", "Too many requests", 1),
  RESOURCE_EXHAUSTED: row("RESOURCE_EXHAUSTED", 503, "resource-exhausted", "The service is at its limit", 1),
  DEPENDENCY_UNAVAILABLE: row("UNAVAILABLE", 503, "dependency-unavailable", "Something this needs is away", 5),
  DEADLINE_EXCEEDED: row("DEADLINE_EXCEEDED", 504, "deadline-exceeded", "It took longer than the caller waits", 1),
  CANCELLED: row("CANCELLED", 499, "cancelled", "The caller went away"),
  UNIMPLEMENTED: row("UNIMPLEMENTED", 501, "unimplemented", "This is not offered"),
  INTERNAL: row("INTERNAL", 500, "internal", "Something broke on our side"),
  METHOD_NOT_ALLOWED: row("UNIMPLEMENTED", 405, "method-not-allowed", "This method is not offered here"),
  NOT_ACCEPTABLE: row("INVALID_ARGUMENT", 406, "not-acceptable", "No representation of this kind is offered"),
  PAYLOAD_TOO_LARGE: row("INVALID_ARGUMENT", 413, "payload-too-large", "The body is too large"),
  URI_TOO_LONG: row("INVALID_ARGUMENT", 414, "uri-too-long", "The address is too long"),
  UNSUPPORTED_MEDIA_TYPE: row("INVALID_ARGUMENT", 415, "unsupported-media-type", "Bodies of this media type are not understood"),
  HEADERS_TOO_LARGE: row("INVALID_ARGUMENT", 431, "headers-too-large", "The headers are too large"),
  // Configuration and start
  CONFIG_INVALID: row("FAILED_PRECONDITION", 500, "config-invalid", "The configuration is wrong"),
  // Login and credentials
  SIWE_INVALID: row("UNAUTHENTICATED", 401, "siwe-invalid", "The sign-in message or its signature is not valid"),
  NONCE_USED: row("UNAUTHENTICATED", 401, "nonce-used", "The sign-in nonce is unknown, used or expired"),
  SESSION_EXPIRED: row("UNAUTHENTICATED", 401, "session-expired", "The login has ended"),
  REFRESH_REUSED: row("UNAUTHENTICATED", 401, "refresh-reused", "A refresh token was used twice; the login was ended"),
  CREDENTIAL_INVALID: row("UNAUTHENTICATED", 401, "credential-invalid", "The agent credential is not valid"),
  CSRF_INVALID: row("PERMISSION_DENIED", 403, "csrf-invalid", "The CSRF token is missing or wrong"),
  TOKEN_REPLAYED: row("UNAUTHENTICATED", 401, "token-replayed", "A single-use token was used twice"),
  // Life of a session
  NOT_ARMED: row("FAILED_PRECONDITION", 409, "not-armed", "The session is not armed"),
  ALREADY_ARMED: row("FAILED_PRECONDITION", 409, "already-armed", "The session is armed already"),
  NOT_YET_VALID: row("FAILED_PRECONDITION", 403, "not-yet-valid", "The session's window has not begun"),
  EXPIRED: row("FAILED_PRECONDITION", 403, "expired", "The session's window is over"),
  DISARMED: row("FAILED_PRECONDITION", 409, "disarmed", "The session was disarmed"),
  EXTERNALLY_REVOKED: row("FAILED_PRECONDITION", 409, "externally-revoked", "The session was revoked on chain"),
  STALE_EPOCH: row("FAILED_PRECONDITION", 409, "stale-epoch", "The account's epoch moved on: every earlier session is void"),
  GRANT_EXPIRED: row("FAILED_PRECONDITION", 409, "grant-expired", "The grant was not confirmed in time"),
  UNSUPPORTED_ACCOUNT: row("FAILED_PRECONDITION", 422, "unsupported-account", "This kind of account is not supported"),
  POLICY_HASH_MISMATCH: row("FAILED_PRECONDITION", 422, "policy-hash-mismatch", "The policy is not the one the owner signed"),
  POLICY_MISMATCH: row("FAILED_PRECONDITION", 422, "policy-mismatch", "The policy on chain is not the one that was granted"),
  CHAIN_MISMATCH: row("FAILED_PRECONDITION", 422, "chain-mismatch", "This belongs to another chain"),
  OWNER_SIGNATURE_INVALID: row("PERMISSION_DENIED", 403, "owner-signature-invalid", "The owner's signature does not hold"),
  // Denials of a USE
  TARGET_NOT_ALLOWED: row("PERMISSION_DENIED", 403, "target-not-allowed", "The target is not in the policy"),
  FUNCTION_NOT_ALLOWED: row("PERMISSION_DENIED", 403, "function-not-allowed", "The function is not in the policy"),
  RECIPIENT_NOT_ALLOWED: row("PERMISSION_DENIED", 403, "recipient-not-allowed", "The recipient is not in the policy"),
  NOT_IN_SCOPE: row(
    "PERMISSION_DENIED",
    403,
    "not-in-scope",
    "The target, function and recipient together are outside the scope the owner signed",
  ),
  ARGUMENT_REFUSED: row("PERMISSION_DENIED", 403, "argument-refused", "An argument breaks a rule of the policy"),
  NON_CANONICAL: row("PERMISSION_DENIED", 403, "non-canonical", "The call data is not its own canonical encoding"),
  VALUE_EXCEEDED: row("PERMISSION_DENIED", 403, "value-exceeded", "The native value is above what the policy allows"),
  PER_OP_EXCEEDED: row("PERMISSION_DENIED", 403, "per-op-exceeded", "The amount is above the limit of one operation"),
  BUDGET_EXCEEDED: row("PERMISSION_DENIED", 403, "budget-exceeded", "The amount is above what is left of the budget"),
  TOKEN_NOT_IN_SCOPE: row(
    "PERMISSION_DENIED",
    403,
    "token-not-in-scope",
    "The policy has no limit for this token, so nothing of it may be spent",
  ),
  OP_RATE_EXCEEDED: row("PERMISSION_DENIED", 403, "op-rate-exceeded", "The session has made all the operations its rate window allows"),
  SLIPPAGE_EXCEEDED: row("PERMISSION_DENIED", 403, "slippage-exceeded", "The slippage is above what the policy allows"),
  INTENT_MISMATCH: row("PERMISSION_DENIED", 403, "intent-mismatch", "The intent is not the one that was decided"),
  INTENT_REPLAYED: row("PERMISSION_DENIED", 403, "intent-replayed", "The intent's nonce was used already"),
  SIMULATION_FAILED: row("PERMISSION_DENIED", 403, "simulation-failed", "The call would fail on chain"),
  POLICY_DENIED: row("PERMISSION_DENIED", 403, "policy-denied", "The policy refuses this"),
  // The vault and its tickets
  TICKET_INVALID: row("PERMISSION_DENIED", 403, "ticket-invalid", "A ticket is forged, expired or for something else"),
  FLOOR_EXCEEDED: row("PERMISSION_DENIED", 403, "floor-exceeded", "The payload is outside the limits sealed at ARM"),
  NONCE_EQUIVOCATION: row("PERMISSION_DENIED", 403, "nonce-equivocation", "Another payload was signed under this nonce"),
  DEADLINE_TOO_FAR: row("INVALID_ARGUMENT", 422, "deadline-too-far", "The intent's deadline is more than 120 s away"),
  FENCED: row("FAILED_PRECONDITION", 409, "fenced", "The key was fenced by a DISARM"),
  UNSEALED: row("FAILED_PRECONDITION", 409, "unsealed", "No floor is sealed for this key"),
  ALREADY_SEALED: row("FAILED_PRECONDITION", 409, "already-sealed", "Another floor is sealed for this key"),
  KEY_DESTROYED: row("FAILED_PRECONDITION", 409, "key-destroyed", "The key was destroyed"),
  KEK_SEALED: row("UNAVAILABLE", 503, "kek-sealed", "The vault waits for its operators to open the key ring", 30),
  KEK_RETIRED: row("FAILED_PRECONDITION", 409, "kek-retired", "This version of the key-encryption key may not decrypt any more"),
  SHARE_INVALID: row("INVALID_ARGUMENT", 422, "share-invalid", "The unseal share is none of this ceremony's"),
  OPERATOR_QUORUM: row("PERMISSION_DENIED", 403, "operator-quorum", "Two operators with different keys must sign this"),
  ATTESTATION_INVALID: row("PERMISSION_DENIED", 403, "attestation-invalid", "The attestation document does not prove what it has to"),
  // Degradation, relay and log
  CONDITION: row("UNAVAILABLE", 503, "condition", "A condition forbids this now", 30),
  HELD: row("UNAVAILABLE", 503, "held", "Held until gas or a provider is back", 30),
  STALE_TERM: row("ABORTED", 409, "stale-term", "A newer leader took over"),
  NONCE_STOLEN: row("ABORTED", 409, "nonce-stolen", "The relayer's nonce was used by somebody else's transaction"),
  EXECUTION_FINAL: row("FAILED_PRECONDITION", 409, "execution-final", "The execution has ended"),
  LOG_PRUNED: row("FAILED_PRECONDITION", 410, "log-pruned", "Entries this old were deleted; the first there is named"),
  POSITION_GAP: row("DATA_LOSS", 500, "position-gap", "The log has a gap"),
  CURSOR_INVALID: row("INVALID_ARGUMENT", 400, "cursor-invalid", "The cursor is not one of ours"),
} satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERROR_TABLE;

/** Row of `code`, with the optional columns visible. */
export function errorRow(code: ErrorCode): ErrorRow {
  return ERROR_TABLE[code];
}

/** True when `value` is a code of the table: the check at every border where a code arrives as text. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === "string" && Object.hasOwn(ERROR_TABLE, value);
}
