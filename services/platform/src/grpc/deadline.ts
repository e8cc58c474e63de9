import { InterlockError } from "../errors/interlock-error.js";
import { currentContext } from "./request-context.js";

/** Milliseconds an outgoing call gets when nobody says less. */
export const DEFAULT_DEADLINE_MS = 5_000;

/**
 * Unix milliseconds by which an outgoing call must be answered: the call's own wish, never beyond what the current request has left.
 * @throws InterlockError DEADLINE_EXCEEDED when nothing is left
 */
export function outgoingDeadline(timeoutMs: number, now: number): number {
  const deadline = Math.min(now + timeoutMs, currentContext()?.deadline ?? Number.POSITIVE_INFINITY);
  if (deadline <= now) throw new InterlockError("DEADLINE_EXCEEDED", "no time left to make the call");
  return deadline;
}
