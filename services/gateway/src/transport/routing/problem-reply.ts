import { HttpException } from "@nestjs/common";
import { trace } from "@opentelemetry/api";
import { findInterlockError, InterlockError } from "#platform/errors/interlock-error.js";
import { PROBLEM_CONTENT_TYPE, retryAfterSeconds, toProblem } from "#platform/errors/problem.js";

/** Fastify's codes of refusals before a route is reached, and what they are here. */
const FRAMEWORK: Readonly<Record<string, readonly [ConstructorParameters<typeof InterlockError>[0], string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ["PAYLOAD_TOO_LARGE", "the body is larger than 256 KiB"],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ["UNSUPPORTED_MEDIA_TYPE", "Content-Type: must be application/json"],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ["VALIDATION_FAILED", "Content-Length: must be the length of the body"],
  FST_ERR_CTP_EMPTY_JSON_BODY: ["VALIDATION_FAILED", "body: must not be empty"],
  FST_ERR_MAX_PARAM_LENGTH: ["URI_TOO_LONG", "a part of the path is too long"],
  FST_ERR_PARAM_TOO_LONG: ["URI_TOO_LONG", "a part of the path is too long"],
  FST_ERR_BAD_URL: ["VALIDATION_FAILED", "path: must be well-formed percent-encoding"],
};

/** Nest wraps some of them in exceptions of its own. */
const WRAPPED: typeof FRAMEWORK = {
  400: ["VALIDATION_FAILED", "the request is malformed"],
  413: ["PAYLOAD_TOO_LARGE", "the body is larger than 256 KiB"],
  415: ["UNSUPPORTED_MEDIA_TYPE", "Content-Type: must be application/json"],
};

export interface ProblemReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes, because a text would be sent with a charset, which application/problem+json has not. */
  readonly body: Buffer;
}

/** Anything thrown as an InterlockError; what was not foreseen is INTERNAL. */
export function asInterlockError(error: unknown): InterlockError {
  const known = findInterlockError(error);
  if (known !== undefined) return known;
  const row = error instanceof HttpException ? WRAPPED[error.getStatus()] : FRAMEWORK[frameworkCode(error)];
  if (row !== undefined) return new InterlockError(row[0], row[1], { cause: error });
  return new InterlockError("INTERNAL", "unexpected failure", { cause: error });
}

function frameworkCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** The problem+json answer to `error`. */
export function problemReply(error: InterlockError, instance: string): ProblemReply {
  const traceId = trace.getActiveSpan()?.spanContext().traceId;
  const path = instance.split("?")[0]?.slice(0, 500) ?? "";
  const problem = toProblem(error, { instance: path, ...(traceId === undefined ? {} : { traceId }) });
  const wait = retryAfterSeconds(error);
  return {
    status: problem.status,
    headers: {
      "content-type": PROBLEM_CONTENT_TYPE,
      ...(wait === undefined ? {} : { "retry-after": String(wait) }),
      ...(problem.status === 401 ? { "www-authenticate": "Bearer" } : {}),
    },
    body: Buffer.from(JSON.stringify(problem)),
  };
}
