import { hkdfSync, type KeyObject, timingSafeEqual } from "node:crypto";

const LENGTH = 32;
const NO_SALT = Buffer.alloc(0);

/** 32 bytes that only this data key gives (HKDF-SHA256, RFC 5869): two keys that both open one GCM ciphertext cannot share it. */
export function commitmentOf(dek: KeyObject): Buffer {
  return Buffer.from(hkdfSync("sha256", dek, NO_SALT, "commit", LENGTH));
}

/** Compares in constant time whether `dek` is the committed one. */
export function isCommitted(dek: KeyObject, commitment: Buffer): boolean {
  return commitment.length === LENGTH && timingSafeEqual(commitmentOf(dek), commitment);
}
