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

/** A row whose audit reason is the word of its problem type: one word per failure, wherever it is read. */
export function row(grpc: GrpcStatusName, http: number, type: string, title: string, retryAfter?: number): ErrorRow {
  return { grpc, http, type, title, auditReason: type, ...(retryAfter === undefined ? {} : { retryAfter }) };
}
