/** How long each part of a login lives, in milliseconds (04-relay-auth-api, "Auth"). */
export const LOGIN_LIMITS = {
  /** A nonce that nobody used. */
  nonceTtl: 5 * 60_000,
  /** Oldest `Issued At` that is accepted. */
  issuedAtPast: 10 * 60_000,
  /** How far a wallet's clock may run ahead. */
  issuedAtFuture: 30_000,
  /** Longest time between `Issued At` and `Expiration Time`. */
  messageLifetime: 10 * 60_000,
  webSession: 12 * 3_600_000,
  accessToken: 15 * 60_000,
  refreshFamily: 7 * 86_400_000,
  agentToken: 5 * 60_000,
  /** Longest life of an agent's `private_key_jwt` assertion. */
  agentAssertion: 5 * 60_000,
  /** Age at which ownership that was read from the chain is read again. */
  ownershipFresh: 15 * 60_000,
  /** Age up to which it still serves requests that add no authority while the chain cannot be asked. */
  ownershipStale: 24 * 3_600_000,
} as const;
