import type { ErrorCode } from "#platform/errors/error-table.js";
import type { Session } from "./session-state.js";

/** Why a session may not be used at `at` (Unix seconds), by its phase and by the clock; undefined when it may. */
export function livenessFault(state: Session, at: number): { readonly code: ErrorCode; readonly message: string } | undefined {
  switch (state.phase) {
    case "drafted":
      return { code: "NOT_ARMED", message: "the owner's grant is not confirmed yet" };
    case "disarmed":
      return { code: "DISARMED", message: "the session was disarmed" };
    case "revoked":
      return { code: "EXTERNALLY_REVOKED", message: "the session was revoked on chain" };
    case "expired":
      return { code: "EXPIRED", message: "the session is over" };
    case "armed":
      return clockFault(state, at);
  }
}

function clockFault(state: Session, at: number): { readonly code: ErrorCode; readonly message: string } | undefined {
  const { validAfter, validUntil } = state.grant.policy;
  if (BigInt(at) < BigInt(validAfter)) return { code: "NOT_YET_VALID", message: `the session begins at ${validAfter}` };
  if (BigInt(at) >= BigInt(validUntil)) return { code: "EXPIRED", message: `the session ended at ${validUntil}` };
  return undefined;
}
