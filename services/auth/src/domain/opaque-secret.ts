import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Random } from "#platform/kernel/random.js";

/** A new opaque credential of 256 bits, base64url. */
export function newSecret(random: Random): string {
  return Buffer.from(random.bytes(32)).toString("base64url");
}

/** A sign-in nonce: 128 bits as letters and digits only, as EIP-4361 demands. */
export function newNonce(random: Random): string {
  return Buffer.from(random.bytes(16)).toString("hex");
}

/** What is stored instead of a credential. Plain SHA-256 is enough: the input has 256 bits of entropy. */
export function secretHash(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

/**
 * The CSRF token of a web session. It is derived from the cookie's value, which a foreign site cannot read,
 * so it needs no storage and survives a reload of the page.
 */
export function csrfTokenOf(webSession: string): string {
  return createHmac("sha256", webSession).update("interlock-csrf-v1").digest("base64url");
}

/** Compares a presented CSRF token without leaking how much of it was right. */
export function csrfTokenHolds(webSession: string, presented: string): boolean {
  const expected = Buffer.from(csrfTokenOf(webSession));
  const given = Buffer.from(presented);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
