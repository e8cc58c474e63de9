import { type AuthorizationClaims, type AuthorizationContent, authorizationClaims, MAX_TICKET_SECONDS } from "./claims.js";
import { openTicket, signTicket } from "./compact-jws.js";
import type { PinnedKeys, TicketKey } from "./ticket-key.js";

const TYPE = "interlock-authorization+jwt";

/**
 * Permissions' signed reservation for the vault, alive for 30 s.
 * @param options `jti` a fresh UUID, `now` Unix seconds
 */
export function issueAuthorization(
  content: AuthorizationContent,
  options: { readonly key: TicketKey; readonly jti: string; readonly now: number },
): Promise<string> {
  const envelope = { iss: "permissions", aud: "vault", jti: options.jti, iat: options.now, exp: options.now + MAX_TICKET_SECONDS };
  return signTicket(TYPE, authorizationClaims, { ...content, ...envelope }, options.key);
}

/**
 * The claims of an authorization ticket: the caller must compare every binding with its own computation.
 * @param options `keys` permissions' pinned keys, `now` Unix seconds
 * @throws InterlockError TICKET_INVALID
 */
export function verifyAuthorization(
  token: string,
  options: { readonly keys: PinnedKeys; readonly now: number },
): Promise<AuthorizationClaims> {
  return openTicket(TYPE, token, authorizationClaims, options.keys, options.now);
}
