import { InterlockError } from "#platform/errors/interlock-error.js";
import { LOGIN_LIMITS } from "./login-limits.js";

/** Claims of a `private_key_jwt` assertion whose signature holds (RFC 7523, section 3). */
export interface AssertionClaims {
  readonly iss?: unknown;
  readonly sub?: unknown;
  readonly aud?: unknown;
  readonly jti?: unknown;
  readonly exp?: unknown;
  readonly iat?: unknown;
  readonly nbf?: unknown;
}

export interface CheckedAssertion {
  readonly jti: string;
  readonly expiresAt: Date;
}

const CLOCK_SKEW = 30_000;

/**
 * `iss` and `sub` are the credential, `aud` is exactly our token endpoint, the life is at most five minutes, and `jti` names it for single use.
 * @throws InterlockError CREDENTIAL_INVALID naming the claim.
 */
export function checkAssertion(claims: AssertionClaims, credentialId: string, audience: string, now: Date): CheckedAssertion {
  if (claims.iss !== credentialId) refuse("iss", "the credential id");
  if (claims.sub !== credentialId) refuse("sub", "the credential id");
  const audiences = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
  if (audiences.length !== 1 || audiences[0] !== audience) refuse("aud", audience);
  if (typeof claims.jti !== "string" || claims.jti.length < 8 || claims.jti.length > 200) refuse("jti", "a text of 8 to 200 characters");
  const expiry = seconds(claims.exp, "exp");
  if (expiry <= now.getTime()) refuse("exp", "in the future");
  if (expiry > now.getTime() + LOGIN_LIMITS.agentAssertion + CLOCK_SKEW) refuse("exp", "at most 5 minutes from now");
  if (claims.iat !== undefined && seconds(claims.iat, "iat") > now.getTime() + CLOCK_SKEW) refuse("iat", "not in the future");
  if (claims.nbf !== undefined && seconds(claims.nbf, "nbf") > now.getTime() + CLOCK_SKEW) refuse("nbf", "not in the future");
  return { jti: claims.jti, expiresAt: new Date(expiry) };
}

function seconds(value: unknown, claim: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) refuse(claim, "a number of seconds");
  return value * 1000;
}

function refuse(claim: string, rule: string): never {
  throw new InterlockError("CREDENTIAL_INVALID", `assertion: ${claim} must be ${rule}`, { details: { field: claim, rule } });
}
