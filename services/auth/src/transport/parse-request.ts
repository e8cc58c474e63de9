import { type Address, type Hex, isAddress, isHex } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { MarkedKind } from "#platform/personal-data/audit-marks.js";
import type { Credential } from "../application/introspect.js";
import type { LoginMode } from "../domain/login-record.js";

function refuse(field: string, rule: string, value: string): never {
  throw new InterlockError("VALIDATION_FAILED", `${field}: must be ${rule}`, { details: { field, rule, value: value.slice(0, 100) } });
}

/** Longest signature that is looked at: an ERC-6492 wrapper carries factory calldata. Characters of hex. */
const MAX_SIGNATURE = 16_386;

/** @throws InterlockError VALIDATION_FAILED */
export function parseSignature(value: string): Hex {
  if (value.length <= MAX_SIGNATURE && value.length % 2 === 0 && value.length > 2 && isHex(value)) return value;
  return refuse("signature", `0x-prefixed hex of 1 to ${(MAX_SIGNATURE - 2) / 2} bytes`, value.slice(0, 20));
}

/** @throws InterlockError VALIDATION_FAILED; a mixed-case address must carry its right checksum */
export function parseAddress(field: string, value: string): Address {
  return isAddress(value) ? value : refuse(field, "an address, 0x and 40 hex digits with a right checksum", value);
}

/** @throws InterlockError VALIDATION_FAILED */
export function parseMode(value: string): LoginMode {
  return value === "web" || value === "token" ? value : refuse("mode", "web or token", value);
}

/** A credential as gateway hands it on; its value is never repeated in an error. @throws InterlockError VALIDATION_FAILED, UNAUTHENTICATED */
export function parseCredential({ kind, credential }: { readonly kind: string; readonly credential: string }): Credential {
  if (kind !== "web" && kind !== "bearer") return refuse("kind", "web or bearer", kind);
  if (credential === "" || credential.length > 4_000) throw new InterlockError("UNAUTHENTICATED", "no usable credential");
  return { kind, credential };
}

/** @throws InterlockError VALIDATION_FAILED for a text without a UUID's form */
export function parseCredentialId(value: string): string {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
  return uuid.test(value) ? value : refuse("credentialId", "a lower-case UUID", value);
}

/** @throws InterlockError VALIDATION_FAILED */
export function parseChainId(value: string): bigint {
  return /^[1-9][0-9]{0,18}$/.test(value) ? BigInt(value) : refuse("chainId", "a positive decimal number", value);
}

/** @throws InterlockError VALIDATION_FAILED */
export function parseMarkedKind(value: string): MarkedKind {
  return value === "nonce" || value === "token" ? value : refuse("kind", "nonce or token", value);
}
