/** Claims of an access token; `iss`, `aud` and `iat` are the signer's. */
export interface AccessClaims {
  readonly subject: string;
  readonly kind: "owner" | "agent";
  /** Login the token belongs to (owner); the credential itself for an agent. */
  readonly origin: string;
  readonly expiresAt: Date;
}

/** Issues and verifies access tokens with auth's own key. */
export interface TokenSigner {
  issue(claims: AccessClaims): Promise<string>;
  /** @throws InterlockError UNAUTHENTICATED for a malformed or forged token, SESSION_EXPIRED for one that has expired */
  verify(token: string): Promise<AccessClaims>;
}
