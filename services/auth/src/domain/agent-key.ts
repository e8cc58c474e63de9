import { InterlockError } from "#platform/errors/interlock-error.js";
import { parseJsonObject } from "#platform/kernel/json.js";

/** Public half of an agent's key (RFC 8037). */
export interface AgentPublicKey {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  /** 32 bytes, base64url. */
  readonly x: string;
}

const X = /^[A-Za-z0-9_-]{43}$/;

/**
 * Parses an Ed25519 public key from JWK JSON text and drops everything but the key itself.
 * @throws InterlockError VALIDATION_FAILED; also when the private half is in it, whose value is never repeated.
 */
export function parseAgentKey(text: string): AgentPublicKey {
  const jwk = parseJsonObject(text);
  if (jwk === undefined) refuse("publicJwk", "a JWK object", text.slice(0, 40));
  if ("d" in jwk) refuse("publicJwk.d", "absent: send the public half only and replace this key", "present");
  if (jwk.kty !== "OKP") refuse("publicJwk.kty", "OKP", String(jwk.kty));
  if (jwk.crv !== "Ed25519") refuse("publicJwk.crv", "Ed25519", String(jwk.crv));
  if (typeof jwk.x !== "string" || !X.test(jwk.x)) refuse("publicJwk.x", "32 bytes in base64url", String(jwk.x));
  return { kty: "OKP", crv: "Ed25519", x: jwk.x };
}

function refuse(field: string, rule: string, value: string): never {
  throw new InterlockError("VALIDATION_FAILED", `${field}: must be ${rule}`, { details: { field, rule, value: value.slice(0, 100) } });
}
