import { type ServiceError, status } from "@grpc/grpc-js";
import { z } from "zod";
import type { JsonObject } from "../kernel/json.js";
import { type ErrorCode, isErrorCode } from "./error-table.js";
import { InterlockError } from "./interlock-error.js";
import { ERROR_TRAILER } from "./to-grpc.js";

const trailerSchema = z.object({
  code: z.custom<ErrorCode>(isErrorCode),
  message: z.string(),
  details: z.record(z.string(), z.json()).default({}),
});

/** Codes for a status that came without our trailer: from the channel itself, a proxy or a foreign server. */
const CODE_OF_STATUS: Readonly<Partial<Record<status, ErrorCode>>> = {
  [status.CANCELLED]: "CANCELLED",
  [status.INVALID_ARGUMENT]: "VALIDATION_FAILED",
  [status.DEADLINE_EXCEEDED]: "DEADLINE_EXCEEDED",
  [status.NOT_FOUND]: "NOT_FOUND",
  [status.ALREADY_EXISTS]: "ALREADY_EXISTS",
  [status.PERMISSION_DENIED]: "FORBIDDEN",
  [status.RESOURCE_EXHAUSTED]: "RESOURCE_EXHAUSTED",
  [status.ABORTED]: "CONFLICT",
  [status.UNIMPLEMENTED]: "UNIMPLEMENTED",
  [status.UNAVAILABLE]: "DEPENDENCY_UNAVAILABLE",
  [status.UNAUTHENTICATED]: "UNAUTHENTICATED",
};

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && typeof error.code === "number" && "metadata" in error;
}

function fromTrailer(error: ServiceError): InterlockError | undefined {
  const value = error.metadata?.get(ERROR_TRAILER)[0];
  if (!Buffer.isBuffer(value)) return undefined;
  try {
    const parsed = trailerSchema.safeParse(JSON.parse(value.toString("utf8")));
    if (!parsed.success) return undefined;
    const details: JsonObject = parsed.data.details;
    return new InterlockError(parsed.data.code, parsed.data.message, { details, cause: error });
  } catch {
    return undefined;
  }
}

/**
 * The InterlockError a peer threw, rebuilt from its trailer; otherwise the nearest code for the status.
 * @param peer name of the service that was called, for the message
 */
export function fromGrpcError(error: unknown, peer: string): InterlockError {
  if (error instanceof InterlockError) return error;
  if (!isServiceError(error)) return new InterlockError("INTERNAL", `the call to ${peer} failed`, { cause: error });
  const carried = fromTrailer(error);
  if (carried !== undefined) return carried;
  const code = CODE_OF_STATUS[error.code] ?? "INTERNAL";
  const message = code === "DEPENDENCY_UNAVAILABLE" ? `${peer} is away` : `the call to ${peer} ended with ${status[error.code]}`;
  return new InterlockError(code, message, { details: { service: peer }, cause: error });
}
