import { hkdfSync, timingSafeEqual } from "node:crypto";

const LENGTH = 32;

/** 32 bytes that only this data key gives (HKDF-SHA256, RFC 5869): two keys that both open one GCM ciphertext cannot share it. */
export function commitmentOf(dek: Buffer): Buffer {
  return Buffer.from(hkdfSync("sha256", dek, Buffer.alloc(0), "commit", LENGTH));
}

/** Compares in constant time whether `dek` is the committed one. */
export function isCommitted(dek: Buffer, commitment: Buffer): boolean {
  return commitment.length === LENGTH && timingSafeEqual(commitmentOf(dek), commitment);
}
