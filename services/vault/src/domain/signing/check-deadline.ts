import { InterlockError } from "#platform/errors/interlock-error.js";

/** Longest life of what is handed out, in seconds: after a DISARM an older signature dies within this time (promise 2). */
export const MAX_DEADLINE_SECONDS = 120n;

/**
 * The intent's deadline lies ahead, and not more than 120 s. Unix seconds.
 * @throws InterlockError DEADLINE_TOO_FAR or EXPIRED
 */
export function checkDeadline(deadline: bigint, now: bigint): void {
  const details = { field: "intent.deadline", value: String(deadline), now: String(now) };
  if (deadline > now + MAX_DEADLINE_SECONDS) {
    throw new InterlockError("DEADLINE_TOO_FAR", `intent.deadline: must be at most ${MAX_DEADLINE_SECONDS} s away`, { details });
  }
  if (deadline <= now) throw new InterlockError("EXPIRED", "intent.deadline: has passed", { details });
}
