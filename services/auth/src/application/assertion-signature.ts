import { compactVerify, decodeJwt, decodeProtectedHeader, importJWK } from "jose";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { AssertionClaims } from "../domain/agent-assertion.js";
import type { AgentPublicKey } from "../domain/agent-key.js";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Longest assertion that is looked at, in characters. */
const MAX_LENGTH = 4_000;

/**
 * The credential an unverified assertion claims to be from: only a name to look the key up by.
 * @throws InterlockError CREDENTIAL_INVALID
 */
export function claimedCredential(assertion: string): string {
  if (assertion.length > MAX_LENGTH) throw invalid("assertion", `at most ${MAX_LENGTH} characters`);
  const subject = subjectOf(assertion);
  if (subject === undefined || !UUID.test(subject)) throw invalid("sub", "a credential id");
  return subject;
}

function subjectOf(assertion: string): string | undefined {
  try {
    if (decodeProtectedHeader(assertion).alg !== "EdDSA") return undefined;
    return decodeJwt(assertion).sub;
  } catch {
    return undefined;
  }
}

/**
 * Checks the signature only, against the registered key: never against one from the header.
 * @throws InterlockError CREDENTIAL_INVALID
 */
export async function verifyAssertionSignature(assertion: string, publicKey: AgentPublicKey): Promise<AssertionClaims> {
  try {
    const { payload } = await compactVerify(assertion, await importJWK({ ...publicKey }, "EdDSA"), { algorithms: ["EdDSA"] });
    const claims: unknown = JSON.parse(new TextDecoder().decode(payload));
    if (typeof claims === "object" && claims !== null) return claims;
  } catch (cause) {
    throw invalid("signature", "by the registered key", cause);
  }
  throw invalid("payload", "a JSON object");
}

function invalid(field: string, rule: string, cause?: unknown): InterlockError {
  return new InterlockError("CREDENTIAL_INVALID", `assertion: ${field} must be ${rule}`, { details: { field, rule }, cause });
}
