import { createCipheriv, createDecipheriv, type KeyObject } from "node:crypto";
import type { Hex } from "viem";
import { wipe } from "./secret.js";

const TAG_BYTES = 16;
const IV_BYTES = 12;

/** AES-256-GCM (NIST SP 800-38D): ciphertext with its 16-byte tag behind it. `iv` is 12 bytes and used once per key. */
export function seal(key: KeyObject, iv: Buffer, aad: Buffer, plaintext: Buffer): Hex {
  const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(aad);
  const body = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  return toHex(body);
}

/**
 * The plaintext of `sealed` in a buffer of its own, or undefined when key, IV, AAD or ciphertext is not the one it was made with.
 * The caller wipes it.
 */
export function open(key: KeyObject, iv: Buffer, aad: Buffer, sealed: Hex, length: number): Buffer | undefined {
  const bytes = fromHex(sealed);
  if (iv.length !== IV_BYTES || bytes.length !== length + TAG_BYTES) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(aad);
  decipher.setAuthTag(bytes.subarray(length));
  let plaintext: Buffer | undefined;
  try {
    // In memory of its own, as `secretBuffer` has it: OpenSSL wrote it there, no pool and no JavaScript heap were in between.
    plaintext = decipher.update(bytes.subarray(0, length));
    decipher.final();
    return plaintext;
  } catch {
    // GCM hands plaintext out before it has seen the tag.
    wipe(plaintext);
    return undefined;
  }
}

export function toHex(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
}

export function fromHex(hex: Hex): Buffer {
  return Buffer.from(hex.slice(2), "hex");
}
