import { type CryptoKey, importJWK, type JWK, SignJWT } from "jose";
import type { Clock } from "../kernel/clock.js";
import { unixSeconds } from "../kernel/clock.js";
import type { IdFactory } from "../kernel/ids.js";
import { type Actor, actorKey } from "./actor.js";
import type { ServiceName } from "./service-names.js";

/** Lifetime of a service token, seconds. */
export const SERVICE_TOKEN_LIFETIME = 60;
/** A token is handed out again for at most so many seconds, so that it still lives 15 s when it arrives. */
export const SERVICE_TOKEN_CACHE = 45;
/** `typ` header of service tokens: keeps any other JWT of ours from being taken for one. */
export const SERVICE_TOKEN_TYPE = "interlock-service+jwt";
const CACHE_ENTRIES = 2_000;

export interface ServiceTokenIssuerOptions {
  /** The caller: `iss` and `sub` of every token. */
  readonly name: ServiceName;
  /** Private Ed25519 key (JWK, kty OKP) of this caller alone. */
  readonly key: JWK;
  readonly clock: Clock;
  readonly ids: IdFactory;
}

export interface TokenRequest {
  /** The one service the token is good for. */
  readonly audience: ServiceName;
  readonly act?: Actor | undefined;
  /** A token of its own with a jti no other call has; for RPCs marked single-use. */
  readonly fresh?: boolean;
}

interface Cached {
  readonly token: string;
  readonly issuedAt: number;
}

/** Mints the 60 s EdDSA tokens this service shows to its peers; needs no other service to do so. */
export class ServiceTokenIssuer {
  private readonly cache = new Map<string, Cached>();
  private key: Promise<CryptoKey | Uint8Array> | undefined;

  constructor(private readonly options: ServiceTokenIssuerOptions) {}

  /** A compact JWS for one call. @throws when the key is no private Ed25519 JWK. */
  async token(request: TokenRequest): Promise<string> {
    const now = unixSeconds(this.options.clock);
    if (request.fresh) return this.mint(request, now);
    const cacheKey = `${request.audience} ${actorKey(request.act)}`;
    const hit = this.cache.get(cacheKey);
    if (hit !== undefined && now >= hit.issuedAt && now - hit.issuedAt < SERVICE_TOKEN_CACHE) return hit.token;
    const token = await this.mint(request, now);
    this.remember(cacheKey, { token, issuedAt: now });
    return token;
  }

  private async mint(request: TokenRequest, now: number): Promise<string> {
    const { name, key, ids } = this.options;
    this.key ??= importJWK(key, "EdDSA");
    return new SignJWT(request.act === undefined ? {} : { act: request.act })
      .setProtectedHeader({ alg: "EdDSA", typ: SERVICE_TOKEN_TYPE, ...(key.kid === undefined ? {} : { kid: key.kid }) })
      .setIssuer(name)
      .setSubject(name)
      .setAudience(request.audience)
      .setIssuedAt(now)
      .setExpirationTime(now + SERVICE_TOKEN_LIFETIME)
      .setJti(ids.next())
      .sign(await this.key);
  }

  private remember(cacheKey: string, entry: Cached): void {
    if (this.cache.size >= CACHE_ENTRIES) {
      const oldest = this.cache.keys().next().value;
      if (oldest !== undefined) this.cache.delete(oldest);
    }
    this.cache.delete(cacheKey);
    this.cache.set(cacheKey, entry);
  }
}
