import type { JsonObject } from "../kernel/json.js";
import { ERROR_TABLE, type ErrorCode } from "./error-table.js";

export interface InterlockErrorOptions {
  /** Machine-readable facts for the caller: field, rule, value seen, limits. Never a secret: it crosses every border. */
  readonly details?: JsonObject;
  /** What went wrong underneath; logged, never sent. */
  readonly cause?: unknown;
  /** Path of the page that explains the error. */
  readonly docs?: string;
}

/** The one error of Interlock: its `code` is a row of the error table, which says what every border makes of it. */
export class InterlockError extends Error {
  override readonly name = "InterlockError";
  readonly code: ErrorCode;
  readonly details: JsonObject;
  readonly docs: string;

  /**
   * @param code row of the error table
   * @param message one sentence for a person; no secrets
   */
  constructor(code: ErrorCode, message: string, options: InterlockErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.docs = options.docs ?? `docs/errors.md#${ERROR_TABLE[code].type}`;
  }
}

/** The first InterlockError along the causes of `error`, itself included. */
export function findInterlockError(error: unknown): InterlockError | undefined {
  const seen = new Set<unknown>();
  let current = error;
  while (current instanceof Error && !seen.has(current)) {
    if (current instanceof InterlockError) return current;
    seen.add(current);
    current = current.cause;
  }
  return undefined;
}

/** True when `error` is an InterlockError with one of `codes`. */
export function hasCode(error: unknown, ...codes: readonly ErrorCode[]): error is InterlockError {
  return error instanceof InterlockError && codes.includes(error.code);
}
