import { InterlockError } from "#platform/errors/interlock-error.js";

/**
 * The one answer for every record that does not open: which layer or field failed would help only whoever tampered with it.
 */
export function unreadable(): InterlockError {
  return new InterlockError("FENCED", "the key record does not authenticate; the key is quarantined", { details: { quarantined: true } });
}
