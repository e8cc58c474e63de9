import { isTransient } from "#platform/database/database-error.js";
import type { ErrorCode } from "#platform/errors/error-table.js";
import { findInterlockError } from "#platform/errors/interlock-error.js";

const LATER: ReadonlySet<ErrorCode> = new Set([
  "DEPENDENCY_UNAVAILABLE",
  "DEADLINE_EXCEEDED",
  "CONDITION",
  "HELD",
  "RESOURCE_EXHAUSTED",
  "RATE_LIMITED",
  "WRONG_EXPECTED_VERSION",
  "CONFLICT",
  "IDEMPOTENCY_KEY_IN_FLIGHT",
  "CANCELLED",
  "INTERNAL",
  "STALE_TERM",
  "UNAUTHENTICATED",
  "TOKEN_REPLAYED",
]);
/** Refusals that a fresh pair of tickets may cure: they live for 30 s only. */
const FEW_TIMES: ReadonlySet<ErrorCode> = new Set(["TICKET_INVALID", "INTENT_MISMATCH"]);
const MAX_FEW = 3;

/** True when the same call may well succeed later. */
export function worthRetrying(error: unknown, tries: number): boolean {
  const known = findInterlockError(error);
  if (known === undefined) return isTransient(error);
  return LATER.has(known.code) || (FEW_TIMES.has(known.code) && tries < MAX_FEW);
}

/** Milliseconds to wait before try number `tries` + 2: doubled from 100 ms up to `maxMs`, half of it drawn (`fraction` in [0, 1)). */
export function backoffMs(tries: number, fraction: number, maxMs = 5_000): number {
  const base = Math.min(maxMs, 100 * 2 ** Math.min(tries, 12));
  return Math.round(base / 2 + (base / 2) * fraction);
}
