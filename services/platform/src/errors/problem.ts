import type { JsonObject } from "../kernel/json.js";
import { type ErrorCode, errorRow } from "./error-table.js";
import type { InterlockError } from "./interlock-error.js";

/** RFC 9457 body. `detail` is the error's own sentence; the error's details are extension members under `details`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly instance?: string;
  readonly traceId?: string;
  readonly details?: JsonObject;
}

/** Media type of a problem body. */
export const PROBLEM_CONTENT_TYPE = "application/problem+json";

/** The stable `type` URI of a code. */
export function problemType(code: ErrorCode): string {
  return `urn:interlock:problem:${errorRow(code).type}`;
}

/** The problem body of `error`; `instance` is the request's path, `traceId` lets an operator find the log lines. */
export function toProblem(error: InterlockError, context: { readonly instance?: string; readonly traceId?: string } = {}): Problem {
  const row = errorRow(error.code);
  return {
    type: problemType(error.code),
    title: row.title,
    status: row.http,
    detail: error.code === "INTERNAL" ? row.title : error.message,
    code: error.code,
    ...context,
    ...(error.code === "INTERNAL" || Object.keys(error.details).length === 0 ? {} : { details: error.details }),
  };
}

/** Seconds for the Retry-After header, from the error's own `retryAfterSeconds` detail or the table; undefined when retrying is no help. */
export function retryAfterSeconds(error: InterlockError): number | undefined {
  const own = error.details.retryAfterSeconds;
  if (typeof own === "number" && Number.isFinite(own)) return Math.max(1, Math.ceil(own));
  return errorRow(error.code).retryAfter;
}
