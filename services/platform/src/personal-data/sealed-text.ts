import { createCipheriv, createDecipheriv } from "node:crypto";
import { InterlockError } from "../errors/interlock-error.js";
import type { Random } from "../kernel/random.js";

const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts with AES-256-GCM: nonce, ciphertext and tag in one piece.
 * @param key 32 bytes
 * @param about what the text belongs to; the same has to be named to open it
 */
export function seal(key: Buffer, about: string, text: Buffer, random: Random): Buffer {
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(about));
  return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

/** Undoes `seal`. @throws InterlockError VALIDATION_FAILED for another key, another belonging or changed bytes */
export function unseal(key: Buffer, about: string, sealed: Buffer): Buffer {
  try {
    const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES }).setAAD(
      Buffer.from(about),
    );
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw new InterlockError("VALIDATION_FAILED", "sealed: is not what this key has sealed for this place", {
      details: { field: "sealed", rule: "sealed by this key for this place" },
    });
  }
}
