import { InterlockError } from "#platform/errors/interlock-error.js";
import { LOGIN_LIMITS } from "./login-limits.js";
import type { SignIn } from "./siwe-message.js";

/** Who may ask for a login here. */
export interface SignInRules {
  /** Origins such as `https://console.example`: their hosts are the allowed domains. */
  readonly origins: readonly string[];
  readonly chainIds: readonly number[];
}

/**
 * The checks that EIP-4361 leaves to the relying party: domain and uri against phishing, chain, and a short life.
 * The nonce and the signature are checked elsewhere.
 * @throws InterlockError SIWE_INVALID naming the field, the rule and the value.
 */
export function checkSignIn(message: SignIn, rules: SignInRules, now: Date): void {
  checkOrigin(message, rules.origins);
  if (!rules.chainIds.includes(message.chainId)) refuse("chainId", `one of ${rules.chainIds.join(", ")}`, String(message.chainId));
  checkTimes(message, now.getTime());
}

function checkOrigin(message: SignIn, origins: readonly string[]): void {
  const allowed = origins.map((origin) => new URL(origin)).filter((url) => url.host === message.domain);
  if (allowed.length === 0) refuse("domain", "a domain of this service", message.domain);
  const uri = URL.canParse(message.uri) ? new URL(message.uri).origin : "";
  const match = allowed.find((url) => url.origin === uri);
  if (match === undefined) refuse("uri", "an origin of this service with the same domain", message.uri);
  if (message.scheme !== undefined && `${message.scheme}:` !== match.protocol)
    refuse("scheme", match.protocol.slice(0, -1), message.scheme);
}

function checkTimes(message: SignIn, now: number): void {
  const issued = message.issuedAt.getTime();
  if (issued < now - LOGIN_LIMITS.issuedAtPast) refuse("issuedAt", "at most 10 minutes ago", message.issuedAt.toISOString());
  if (issued > now + LOGIN_LIMITS.issuedAtFuture) refuse("issuedAt", "at most 30 seconds ahead", message.issuedAt.toISOString());
  if (message.expiresAt === undefined) refuse("expirationTime", "required", "absent");
  const expires = message.expiresAt.getTime();
  if (expires <= now) refuse("expirationTime", "in the future", message.expiresAt.toISOString());
  if (expires > issued + LOGIN_LIMITS.messageLifetime)
    refuse("expirationTime", "at most 10 minutes after issuedAt", message.expiresAt.toISOString());
  if (message.notBefore !== undefined && message.notBefore.getTime() > now)
    refuse("notBefore", "not in the future", message.notBefore.toISOString());
}

function refuse(field: string, rule: string, value: string): never {
  throw new InterlockError("SIWE_INVALID", `sign-in message: ${field} must be ${rule}`, {
    details: { field, rule, value: value.slice(0, 100) },
  });
}
