import { InterlockError } from "#platform/errors/interlock-error.js";

/** A document does not prove what it has to; `rule` says which check ended it. */
export function attestationInvalid(rule: string, cause?: unknown): InterlockError {
  return new InterlockError("ATTESTATION_INVALID", `attestation document: ${rule}`, { details: { rule }, cause });
}
