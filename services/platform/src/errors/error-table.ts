/** Names of the gRPC status codes used (https://grpc.github.io/grpc/core/md_doc_statuscodes.html). */
export type GrpcStatusName =
  | "ABORTED"
  | "ALREADY_EXISTS"
  | "CANCELLED"
  | "DATA_LOSS"
  | "DEADLINE_EXCEEDED"
  | "FAILED_PRECONDITION"
  | "INTERNAL"
  | "INVALID_ARGUMENT"
  | "NOT_FOUND"
  | "PERMISSION_DENIED"
  | "RESOURCE_EXHAUSTED"
  | "UNAUTHENTICATED"
  | "UNAVAILABLE"
  | "UNIMPLEMENTED";

export interface ErrorRow {
  readonly grpc: GrpcStatusName;
  /** HTTP status of the problem+json answer. */
  readonly http: number;
  /** Last part of the problem's `type` URI; never changes once shipped. */
  readonly type: string;
  /** One sentence that holds for every error of this code (RFC 9457 `title`). */
  readonly title: string;
  /** Reason written to the audit stream. */
  readonly auditReason: string;
  /** Seconds a client should wait when the error itself does not say; sent as Retry-After. */
  readonly retryAfter?: number;
}

/**
 * The one place where a failure's meaning at every border is decided: gRPC status, HTTP status, problem type, audit reason.
 * A row is added, never renamed: clients and auditors hold on to `type` and `auditReason`.
 */
export const ERROR_TABLE = {
  // Requests and borders
  VALIDATION_FAILED: {
    grpc: "INVALID_ARGUMENT",
    http: 400,
    type: "validation-failed",
    title: "The request breaks a rule of its schema",
    auditReason: "validation-failed",
  },
  UNAUTHENTICATED: {
    grpc: "UNAUTHENTICATED",
    http: 401,
    type: "unauthenticated",
    title: "No valid credentials",
    auditReason: "unauthenticated",
  },
  FORBIDDEN: {
    grpc: "PERMISSION_DENIED",
    http: 403,
    type: "forbidden",
    title: "These credentials may not do this",
    auditReason: "forbidden",
  },
  NOT_FOUND: {
    grpc: "NOT_FOUND",
    http: 404,
    type: "not-found",
    title: "There is no such thing, or it is not yours",
    auditReason: "not-found",
  },
  ACCOUNT_NOT_OWNED: {
    grpc: "NOT_FOUND",
    http: 404,
    type: "account-not-owned",
    title: "There is no such thing, or it is not yours",
    auditReason: "account-not-owned",
  },
  CONFLICT: { grpc: "ABORTED", http: 409, type: "conflict", title: "The state does not allow this now", auditReason: "conflict" },
  WRONG_EXPECTED_VERSION: {
    grpc: "ABORTED",
    http: 409,
    type: "wrong-expected-version",
    title: "Somebody else changed this first",
    auditReason: "wrong-expected-version",
  },
  ALREADY_EXISTS: { grpc: "ALREADY_EXISTS", http: 409, type: "already-exists", title: "It exists already", auditReason: "already-exists" },
  IDEMPOTENCY_KEY_MISSING: {
    grpc: "INVALID_ARGUMENT",
    http: 400,
    type: "idempotency-key-missing",
    title: "The Idempotency-Key header is required",
    auditReason: "idempotency-key-missing",
  },
  IDEMPOTENCY_KEY_IN_FLIGHT: {
    grpc: "ABORTED",
    http: 409,
    type: "idempotency-key-in-flight",
    title: "A request with this Idempotency-Key is still running",
    auditReason: "idempotency-key-in-flight",
    retryAfter: 1,
  },
  IDEMPOTENCY_KEY_REUSED: {
    grpc: "FAILED_PRECONDITION",
    http: 422,
    type: "idempotency-key-reused",
    title: "This Idempotency-Key was used with another body",
    auditReason: "idempotency-key-reused",
  },
  RATE_LIMITED: {
    grpc: "RESOURCE_EXHAUSTED",
    http: 429,
    type: "rate-limited",
    title: "Too many requests",
    auditReason: "rate-limited",
    retryAfter: 1,
  },
  RESOURCE_EXHAUSTED: {
    grpc: "RESOURCE_EXHAUSTED",
    http: 503,
    type: "resource-exhausted",
    title: "The service is at its limit",
    auditReason: "resource-exhausted",
    retryAfter: 1,
  },
  DEPENDENCY_UNAVAILABLE: {
    grpc: "UNAVAILABLE",
    http: 503,
    type: "dependency-unavailable",
    title: "Something this needs is away",
    auditReason: "dependency-unavailable",
    retryAfter: 5,
  },
  DEADLINE_EXCEEDED: {
    grpc: "DEADLINE_EXCEEDED",
    http: 504,
    type: "deadline-exceeded",
    title: "It took longer than the caller waits",
    auditReason: "deadline-exceeded",
    retryAfter: 1,
  },
  CANCELLED: { grpc: "CANCELLED", http: 499, type: "cancelled", title: "The caller went away", auditReason: "cancelled" },
  UNIMPLEMENTED: { grpc: "UNIMPLEMENTED", http: 501, type: "unimplemented", title: "This is not offered", auditReason: "unimplemented" },
  INTERNAL: { grpc: "INTERNAL", http: 500, type: "internal", title: "Something broke on our side", auditReason: "internal" },
  METHOD_NOT_ALLOWED: {
    grpc: "UNIMPLEMENTED",
    http: 405,
    type: "method-not-allowed",
    title: "This method is not offered here",
    auditReason: "method-not-allowed",
  },
  NOT_ACCEPTABLE: {
    grpc: "INVALID_ARGUMENT",
    http: 406,
    type: "not-acceptable",
    title: "No representation of this kind is offered",
    auditReason: "not-acceptable",
  },
  PAYLOAD_TOO_LARGE: {
    grpc: "INVALID_ARGUMENT",
    http: 413,
    type: "payload-too-large",
    title: "The body is too large",
    auditReason: "payload-too-large",
  },
  URI_TOO_LONG: {
    grpc: "INVALID_ARGUMENT",
    http: 414,
    type: "uri-too-long",
    title: "The address is too long",
    auditReason: "uri-too-long",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    grpc: "INVALID_ARGUMENT",
    http: 415,
    type: "unsupported-media-type",
    title: "Bodies of this media type are not understood",
    auditReason: "unsupported-media-type",
  },
  HEADERS_TOO_LARGE: {
    grpc: "INVALID_ARGUMENT",
    http: 431,
    type: "headers-too-large",
    title: "The headers are too large",
    auditReason: "headers-too-large",
  },
  // Configuration and start
  CONFIG_INVALID: {
    grpc: "FAILED_PRECONDITION",
    http: 500,
    type: "config-invalid",
    title: "The configuration is wrong",
    auditReason: "config-invalid",
  },
  // Login and credentials
  SIWE_INVALID: {
    grpc: "UNAUTHENTICATED",
    http: 401,
    type: "siwe-invalid",
    title: "The sign-in message or its signature is not valid",
    auditReason: "siwe-invalid",
  },
  NONCE_USED: {
    grpc: "UNAUTHENTICATED",
    http: 401,
    type: "nonce-used",
    title: "The sign-in nonce is unknown, used or expired",
    auditReason: "nonce-used",
  },
  SESSION_EXPIRED: {
    grpc: "UNAUTHENTICATED",
    http: 401,
    type: "session-expired",
    title: "The login has ended",
    auditReason: "session-expired",
  },
  REFRESH_REUSED: {
    grpc: "UNAUTHENTICATED",
    http: 401,
    type: "refresh-reused",
    title: "A refresh token was used twice; the login was ended",
    auditReason: "refresh-reused",
  },
  CREDENTIAL_INVALID: {
    grpc: "UNAUTHENTICATED",
    http: 401,
    type: "credential-invalid",
    title: "The agent credential is not valid",
    auditReason: "credential-invalid",
  },
  CSRF_INVALID: {
    grpc: "PERMISSION_DENIED",
    http: 403,
    type: "csrf-invalid",
    title: "The CSRF token is missing or wrong",
    auditReason: "csrf-invalid",
  },
  TOKEN_REPLAYED: {
    grpc: "UNAUTHENTICATED",
    http: 401,
    type: "token-replayed",
    title: "A single-use token was used twice",
    auditReason: "token-replayed",
  },
  // Life of a session
  NOT_ARMED: { grpc: "FAILED_PRECONDITION", http: 409, type: "not-armed", title: "The session is not armed", auditReason: "not-armed" },
  ALREADY_ARMED: {
    grpc: "FAILED_PRECONDITION",
    http: 409,
    type: "already-armed",
    title: "The session is armed already",
    auditReason: "already-armed",
  },
  NOT_YET_VALID: {
    grpc: "FAILED_PRECONDITION",
    http: 403,
    type: "not-yet-valid",
    title: "The session's window has not begun",
    auditReason: "not-yet-valid",
  },
  EXPIRED: { grpc: "FAILED_PRECONDITION", http: 403, type: "expired", title: "The session's window is over", auditReason: "expired" },
  DISARMED: { grpc: "FAILED_PRECONDITION", http: 409, type: "disarmed", title: "The session was disarmed", auditReason: "disarmed" },
  EXTERNALLY_REVOKED: {
    grpc: "FAILED_PRECONDITION",
    http: 409,
    type: "externally-revoked",
    title: "The session was revoked on chain",
    auditReason: "externally-revoked",
  },
  STALE_EPOCH: {
    grpc: "FAILED_PRECONDITION",
    http: 409,
    type: "stale-epoch",
    title: "The account's epoch moved on: every earlier session is void",
    auditReason: "stale-epoch",
  },
  GRANT_EXPIRED: {
    grpc: "FAILED_PRECONDITION",
    http: 409,
    type: "grant-expired",
    title: "The grant was not confirmed in time",
    auditReason: "grant-expired",
  },
  UNSUPPORTED_ACCOUNT: {
    grpc: "FAILED_PRECONDITION",
    http: 422,
    type: "unsupported-account",
    title: "This kind of account is not supported",
    auditReason: "unsupported-account",
  },
  POLICY_HASH_MISMATCH: {
    grpc: "FAILED_PRECONDITION",
    http: 422,
    type: "policy-hash-mismatch",
    title: "The policy is not the one the owner signed",
    auditReason: "policy-hash-mismatch",
  },
  POLICY_MISMATCH: {
    grpc: "FAILED_PRECONDITION",
    http: 422,
    type: "policy-mismatch",
    title: "The policy on chain is not the one that was granted",
    auditReason: "policy-mismatch",
  },
  CHAIN_MISMATCH: {
    grpc: "FAILED_PRECONDITION",
    http: 422,
    type: "chain-mismatch",
    title: "This belongs to another chain",
    auditReason: "chain-mismatch",
  },
  OWNER_SIGNATURE_INVALID: {
    grpc: "PERMISSION_DENIED",
    http: 403,
    type: "owner-signature-invalid",
    title: "The owner's signature does not hold",
    auditReason: "owner-signature-invalid",
  },
  // Denials of a USE
  TARGET_NOT_ALLOWED: {
    grpc: "PERMISSION_DENIED",
    http: 403,
    type: "target-not-allowed",
    title: "The target is not in the policy",
    auditReason: "target-not-allowed",
  },
  FUNCTION_NOT_ALLOWED: {
    grpc: "PERMISSION_DENIED",
    http: 403,
    type: "function-not-allowed",
    title: "The function is not in the policy",
    auditReason: "function-not-allowed",
  },
  RECIPIENT_NOT_ALLOWED: {
    grpc: "PERMISSION_DENIED",
    http: 403,
    type: "recipient-not-allowed",
    title: "The recipient is not in the policy",
    auditReason: "recipient-not-allowed",
  },
  ARGUMENT_REFUSED: {
    grpc: "PERMISSION_DENIED",
    http: 403,
    type: "argument-refused",
    title: "An argument breaks a rule of the policy",
    auditReason: "argument-refused",
  },
  NON_CANONICAL: {
    grpc: "PERMISSION_DENIED",
    http: 403,
    type: "non-canonical",
    title: "The call data is not its own canonical encoding",
    auditReason: "non-canonical",
  },
  VALUE_EXCEEDED: {
    grpc: "PERMISSION_DENIED",
    http: 403,
    type: "value-exceeded",
    title: "The native value is above what the policy allows",
    auditReason: "value-exceeded",
  },
  PER_OP_EXCEEDED: {
    grpc: "PERMISSION_DENIED",
    http: 403,
    type: "per-op-exceeded",
    title: "The amount is above the limit of one operation",
    auditReason: "per-op-exceeded",
  },
  BUDGET_EXCEEDED: {
    grpc: "PERMISSION_DENIED",
    http: 403,
    type: "budget-exceeded",
    title: "The amount is above what is left of the budget",
    auditReason: "budget-exceeded",
  },
  TOKEN_NOT_IN_SCOPE: {
    grpc: "PERMISSION_DENIED",
    http: 403,
    type: "token-not-in-scope",
    title: "The policy has no limit for this token, so nothing of it may be spent",
    auditReason: "token-not-in-scope",
  },
  OP_RATE_EXCEEDED: {
    grpc: "PERMISSION_DENIED",
    http: 403,
    type: "op-rate-exceeded",
    title: "The session has made all the operations its rate window allows",
    auditReason: "op-rate-exceeded",
  },
  SLIPPAGE_EXCEEDED: {
    grpc: "PERMISSION_DENIED",
    http: 403,
    type: "slippage-exceeded",
    title: "The slippage is above what the policy allows",
    auditReason: "slippage-exceeded",
  },
  INTENT_MISMATCH: {
    grpc: "PERMISSION_DENIED",
    http: 403,
    type: "intent-mismatch",
    title: "The intent is not the one that was decided",
    auditReason: "intent-mismatch",
  },
  INTENT_REPLAYED: {
    grpc: "PERMISSION_DENIED",
    http: 403,
    type: "intent-replayed",
    title: "The intent's nonce was used already",
    auditReason: "intent-replayed",
  },
  SIMULATION_FAILED: {
    grpc: "PERMISSION_DENIED",
    http: 403,
    type: "simulation-failed",
    title: "The call would fail on chain",
    auditReason: "simulation-failed",
  },
  POLICY_DENIED: {
    grpc: "PERMISSION_DENIED",
    http: 403,
    type: "policy-denied",
    title: "The policy refuses this",
    auditReason: "policy-denied",
  },
  // The vault and its tickets
  TICKET_INVALID: {
    grpc: "PERMISSION_DENIED",
    http: 403,
    type: "ticket-invalid",
    title: "A ticket is forged, expired or for something else",
    auditReason: "ticket-invalid",
  },
  FLOOR_EXCEEDED: {
    grpc: "PERMISSION_DENIED",
    http: 403,
    type: "floor-exceeded",
    title: "The payload is outside the limits sealed at ARM",
    auditReason: "floor-exceeded",
  },
  NONCE_EQUIVOCATION: {
    grpc: "PERMISSION_DENIED",
    http: 403,
    type: "nonce-equivocation",
    title: "Another payload was signed under this nonce",
    auditReason: "nonce-equivocation",
  },
  DEADLINE_TOO_FAR: {
    grpc: "INVALID_ARGUMENT",
    http: 422,
    type: "deadline-too-far",
    title: "The intent's deadline is more than 120 s away",
    auditReason: "deadline-too-far",
  },
  FENCED: { grpc: "FAILED_PRECONDITION", http: 409, type: "fenced", title: "The key was fenced by a DISARM", auditReason: "fenced" },
  UNSEALED: { grpc: "FAILED_PRECONDITION", http: 409, type: "unsealed", title: "No floor is sealed for this key", auditReason: "unsealed" },
  ALREADY_SEALED: {
    grpc: "FAILED_PRECONDITION",
    http: 409,
    type: "already-sealed",
    title: "Another floor is sealed for this key",
    auditReason: "already-sealed",
  },
  KEY_DESTROYED: {
    grpc: "FAILED_PRECONDITION",
    http: 409,
    type: "key-destroyed",
    title: "The key was destroyed",
    auditReason: "key-destroyed",
  },
  // Degradation, relay and log
  CONDITION: {
    grpc: "UNAVAILABLE",
    http: 503,
    type: "condition",
    title: "A condition forbids this now",
    auditReason: "condition",
    retryAfter: 30,
  },
  HELD: {
    grpc: "UNAVAILABLE",
    http: 503,
    type: "held",
    title: "Held until gas or a provider is back",
    auditReason: "held",
    retryAfter: 30,
  },
  STALE_TERM: { grpc: "ABORTED", http: 409, type: "stale-term", title: "A newer leader took over", auditReason: "stale-term" },
  EXECUTION_FINAL: {
    grpc: "FAILED_PRECONDITION",
    http: 409,
    type: "execution-final",
    title: "The execution has ended",
    auditReason: "execution-final",
  },
  POSITION_GAP: { grpc: "DATA_LOSS", http: 500, type: "position-gap", title: "The log has a gap", auditReason: "position-gap" },
  CURSOR_INVALID: {
    grpc: "INVALID_ARGUMENT",
    http: 400,
    type: "cursor-invalid",
    title: "The cursor is not one of ours",
    auditReason: "cursor-invalid",
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERROR_TABLE;

/** Row of `code`, with the optional columns visible. */
export function errorRow(code: ErrorCode): ErrorRow {
  return ERROR_TABLE[code];
}

/** True when `value` is a code of the table: the check at every border where a code arrives as text. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === "string" && Object.hasOwn(ERROR_TABLE, value);
}
