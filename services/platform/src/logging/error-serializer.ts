import { InterlockError } from "../errors/interlock-error.js";

export interface SerializedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly details?: unknown;
  readonly stack?: string;
  readonly cause?: SerializedError;
}

const MAX_CAUSES = 5;

function codeOf(error: Error): string | undefined {
  return "code" in error && (typeof error.code === "string" || typeof error.code === "number") ? String(error.code) : undefined;
}

/** An error for the log: its code and causes, but none of the other properties drivers hang on it (queries, parameters, options). */
export function serializeError(error: unknown, depth = 0): SerializedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const code = codeOf(error);
  return {
    type: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    ...(error instanceof InterlockError && Object.keys(error.details).length > 0 ? { details: error.details } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.cause === undefined || depth >= MAX_CAUSES ? {} : { cause: serializeError(error.cause, depth + 1) }),
  };
}
