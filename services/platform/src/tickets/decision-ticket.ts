import { type DecisionClaims, type DecisionContent, decisionClaims, MAX_TICKET_SECONDS } from "./claims.js";
import { openTicket, signTicket } from "./compact-jws.js";
import type { PinnedKeys, TicketKey } from "./ticket-key.js";

const TYPE = "interlock-decision+jwt";

/**
 * Policy's signed verdict for the vault, alive for 30 s.
 * @param options `jti` a fresh UUID, `now` Unix seconds
 */
export function issueDecision(
  content: DecisionContent,
  options: { readonly key: TicketKey; readonly jti: string; readonly now: number },
): Promise<string> {
  const envelope = { iss: "policy", aud: "vault", jti: options.jti, iat: options.now, exp: options.now + MAX_TICKET_SECONDS };
  return signTicket(TYPE, decisionClaims, { ...content, ...envelope }, options.key);
}

/**
 * The claims of a decision ticket, allow or deny: the caller must look at `outcome` and compare every binding.
 * @param options `keys` policy's pinned keys, `now` Unix seconds
 * @throws InterlockError TICKET_INVALID
 */
export function verifyDecision(token: string, options: { readonly keys: PinnedKeys; readonly now: number }): Promise<DecisionClaims> {
  return openTicket(TYPE, token, decisionClaims, options.keys, options.now);
}
