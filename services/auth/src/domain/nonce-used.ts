import { InterlockError } from "#platform/errors/interlock-error.js";

/** The answer to a sign-in whose nonce cannot be consumed: it never tells which of the reasons it is. */
export function nonceUsed(): InterlockError {
  return new InterlockError("NONCE_USED", "the sign-in nonce is unknown, used or expired; ask for a new one");
}
