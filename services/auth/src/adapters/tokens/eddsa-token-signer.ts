import { type CryptoKey, errors, importJWK, type JWK, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Clock } from "#platform/kernel/clock.js";
import { RecentCache } from "#platform/kernel/recent-cache.js";
import type { AccessClaims, TokenSigner } from "../../application/ports/token-signer.js";

const ISSUER = "interlock-auth";
const AUDIENCE = "interlock-api";
const TYPE = "at+jwt";

const claimsSchema = z.object({
  sub: z.string().min(1),
  kind: z.enum(["owner", "agent"]),
  origin: z.string().min(1),
  exp: z.number(),
});

/** Tokens whose signature held, so that the many requests of one login verify it once; whether the login lives is asked each time. */
const REMEMBERED = 2_000;

/** Access tokens as EdDSA JWTs (RFC 9068 `at+jwt`) under auth's own key. Only auth verifies them, so the key is never published. */
export class EddsaTokenSigner implements TokenSigner {
  private readonly remembered = new RecentCache<string, AccessClaims>(REMEMBERED);
  private readonly keys: Promise<{ readonly signing: CryptoKey; readonly verifying: CryptoKey }>;

  /** @param jwk private Ed25519 JWK, already checked by the configuration */
  constructor(
    jwk: JWK,
    private readonly clock: Clock,
  ) {
    this.keys = importPair(jwk);
    // A key that cannot be imported fails each use with its own error; it must not end the process before that.
    this.keys.catch(() => undefined);
  }

  async issue(claims: AccessClaims): Promise<string> {
    const { signing } = await this.keys;
    return new SignJWT({ kind: claims.kind, origin: claims.origin })
      .setProtectedHeader({ alg: "EdDSA", typ: TYPE })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(claims.subject)
      .setIssuedAt(this.clock.now())
      .setExpirationTime(claims.expiresAt)
      .sign(signing);
  }

  async verify(token: string): Promise<AccessClaims> {
    const known = this.remembered.get(token);
    if (known !== undefined && this.clock.now() < known.expiresAt) return known;
    const payload = await this.verified(token);
    const parsed = claimsSchema.safeParse(payload);
    if (!parsed.success) throw new InterlockError("UNAUTHENTICATED", "the access token is not one of ours");
    const { sub, kind, origin, exp } = parsed.data;
    const claims = { subject: sub, kind, origin, expiresAt: new Date(exp * 1000) };
    this.remembered.set(token, claims);
    return claims;
  }

  private async verified(token: string): Promise<unknown> {
    const { verifying } = await this.keys;
    try {
      const options = { issuer: ISSUER, audience: AUDIENCE, typ: TYPE, algorithms: ["EdDSA"], currentDate: this.clock.now() };
      return (await jwtVerify(token, verifying, options)).payload;
    } catch (cause) {
      if (cause instanceof errors.JWTExpired) throw new InterlockError("SESSION_EXPIRED", "the access token has expired", { cause });
      throw new InterlockError("UNAUTHENTICATED", "the access token is not one of ours", { cause });
    }
  }
}

async function importPair(jwk: JWK): Promise<{ readonly signing: CryptoKey; readonly verifying: CryptoKey }> {
  const { d: _private, key_ops: _use, ...half } = jwk;
  return { signing: await key(jwk), verifying: await key(half) };
}

async function key(jwk: JWK): Promise<CryptoKey> {
  const imported = await importJWK(jwk, "EdDSA");
  if (imported instanceof Uint8Array) throw new InterlockError("CONFIG_INVALID", "TOKEN_KEY: must be an Ed25519 JWK");
  return imported;
}
