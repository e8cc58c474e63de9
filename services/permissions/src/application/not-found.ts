import { InterlockError } from "#platform/errors/interlock-error.js";

/** The one answer for a session that does not exist and for one that is somebody else's: they cannot be told apart. */
export function sessionNotFound(sessionId: string): InterlockError {
  return new InterlockError("NOT_FOUND", "there is no such session", { details: { sessionId } });
}
