import { type CryptoKey, decodeJwt, importJWK, type JWK, type JWTPayload, jwtVerify } from "jose";
import { InterlockError } from "../errors/interlock-error.js";
import { type Clock, unixSeconds } from "../kernel/clock.js";
import { RecentCache } from "../kernel/recent-cache.js";
import { type Actor, actorSchema } from "./actor.js";
import { isServiceName, type ServiceName } from "./service-names.js";
import { SERVICE_TOKEN_LIFETIME, SERVICE_TOKEN_TYPE } from "./service-token-issuer.js";
import { callerKeys, type Trust } from "./trust.js";

/** How far clocks of two pods may be apart, seconds. */
export const CLOCK_TOLERANCE = 5;

export interface VerifiedCaller {
  readonly caller: ServiceName;
  readonly actor: Actor | undefined;
  readonly jti: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/** Tokens whose signature held and that may come again: a caller shows one for up to 45 s. */
const REMEMBERED = 2_000;

/** What a token says that was verified, with its life in Unix seconds. */
interface Remembered {
  readonly verified: VerifiedCaller;
  readonly from: number;
  readonly until: number;
}

export interface ServiceTokenVerifierOptions {
  /** This service: the one audience that is accepted. */
  readonly audience: ServiceName;
  readonly trust: Trust;
  readonly clock: Clock;
}

const refuse = (message: string, cause?: unknown): InterlockError =>
  new InterlockError("UNAUTHENTICATED", `service token: ${message}`, { cause });

/** Checks service tokens offline against the pinned keys of the very caller that `iss` names. */
export class ServiceTokenVerifier {
  private readonly keys = new Map<JWK, Promise<CryptoKey | Uint8Array>>();
  private readonly remembered = new RecentCache<string, Remembered>(REMEMBERED);

  constructor(private readonly options: ServiceTokenVerifierOptions) {}

  /**
   * The same bytes are verified once and then only looked at for their life; pinned keys never change while a process runs.
   * @throws InterlockError UNAUTHENTICATED for anything but a live token of a pinned caller for this one service.
   */
  async verify(token: string): Promise<VerifiedCaller> {
    const known = this.remembered.get(token);
    const now = unixSeconds(this.options.clock);
    if (known !== undefined && known.from <= now && now < known.until) return known.verified;
    return this.verifyAnew(token);
  }

  private async verifyAnew(token: string): Promise<VerifiedCaller> {
    const issuer = this.issuerOf(token);
    const payload = await this.verifyWithKeysOf(issuer, token);
    const { iat, exp, jti } = payload;
    if (payload.sub !== issuer) throw refuse("sub must equal iss");
    if (payload.aud !== this.options.audience) throw refuse("aud must be exactly this service");
    if (iat === undefined || exp === undefined || exp - iat > SERVICE_TOKEN_LIFETIME || exp <= iat) {
      throw refuse(`may live at most ${SERVICE_TOKEN_LIFETIME} s`);
    }
    if (typeof jti !== "string" || jti.length === 0 || jti.length > 100) throw refuse("jti is required");
    const verified = { caller: issuer, actor: this.actorOf(payload), jti, expiresAt: exp };
    this.remembered.set(token, { verified, from: iat, until: exp });
    return verified;
  }

  private issuerOf(token: string): ServiceName {
    let issuer: unknown;
    try {
      issuer = decodeJwt(token).iss;
    } catch (cause) {
      throw refuse("is malformed", cause);
    }
    if (!isServiceName(issuer) || callerKeys(this.options.trust, issuer).length === 0) throw refuse("iss is not a pinned caller");
    return issuer;
  }

  private async verifyWithKeysOf(issuer: ServiceName, token: string): Promise<JWTPayload> {
    let last: unknown;
    for (const key of callerKeys(this.options.trust, issuer)) {
      try {
        const verified = await jwtVerify(token, await this.imported(key), {
          algorithms: ["EdDSA"],
          typ: SERVICE_TOKEN_TYPE,
          issuer,
          audience: this.options.audience,
          clockTolerance: CLOCK_TOLERANCE,
          maxTokenAge: SERVICE_TOKEN_LIFETIME,
          currentDate: this.options.clock.now(),
          requiredClaims: ["iat", "exp", "jti", "sub"],
        });
        return verified.payload;
      } catch (cause) {
        last = cause;
      }
    }
    throw refuse("does not verify", last);
  }

  private imported(key: JWK): Promise<CryptoKey | Uint8Array> {
    const known = this.keys.get(key);
    if (known !== undefined) return known;
    const imported = importJWK(key, "EdDSA");
    this.keys.set(key, imported);
    return imported;
  }

  private actorOf(payload: JWTPayload): Actor | undefined {
    if (payload.act === undefined) return undefined;
    const parsed = actorSchema.safeParse(payload.act);
    if (!parsed.success) throw refuse("act is malformed");
    return parsed.data;
  }
}
