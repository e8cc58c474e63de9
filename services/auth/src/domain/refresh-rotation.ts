import { type EndReason, isLive, type LoginRecord } from "./login-record.js";

/** A stored refresh token and the login it belongs to. */
export interface RefreshToken {
  readonly usedAt?: Date;
  readonly login: LoginRecord;
}

export type RotationDecision =
  | { readonly kind: "rotate" }
  | { readonly kind: "refuse"; readonly code: "UNAUTHENTICATED" | "SESSION_EXPIRED" }
  | { readonly kind: "end_family"; readonly reason: EndReason };

/**
 * Refresh tokens are used once. A second use means that two parties hold the token, and we cannot tell which is the thief:
 * the whole family ends (RFC 9700, section 4.14.2).
 */
export function decideRotation(token: RefreshToken | undefined, now: Date): RotationDecision {
  if (token === undefined) return { kind: "refuse", code: "UNAUTHENTICATED" };
  if (!isLive(token.login, now)) return { kind: "refuse", code: "SESSION_EXPIRED" };
  if (token.usedAt !== undefined) return { kind: "end_family", reason: "refresh_reused" };
  return { kind: "rotate" };
}
