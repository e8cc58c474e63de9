import type { Hex } from "viem";
import { LOGIN_LIMITS } from "./login-limits.js";
import type { AuthMethod } from "./principal.js";

export type LoginMode = "web" | "token";
export type EndReason = "logout" | "refresh_reused" | "ownership_lost";

/** What a contract account's login stands on, kept so that it can be checked again; an EOA needs none. */
export interface ContractProof {
  /** EIP-191 hash of the sign-in message. */
  readonly messageHash: Hex;
  readonly signature: Hex;
  readonly verifiedAt: Date;
}

/** One login: a web session or a family of refresh tokens. */
export interface LoginRecord {
  readonly id: string;
  readonly mode: LoginMode;
  readonly chainId: number;
  /** Lower-case address that signed in. */
  readonly subject: string;
  readonly method: Exclude<AuthMethod, "private_key_jwt">;
  readonly proof?: ContractProof;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly endedAt?: Date;
  readonly endReason?: EndReason;
}

/** True while the login may be used at `now`. */
export function isLive(login: LoginRecord, now: Date): boolean {
  return login.endedAt === undefined && now < login.expiresAt;
}

/** When a login made at `now` ends at the latest. */
export function loginExpiry(mode: LoginMode, now: Date): Date {
  return new Date(now.getTime() + (mode === "web" ? LOGIN_LIMITS.webSession : LOGIN_LIMITS.refreshFamily));
}
