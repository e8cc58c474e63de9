import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from "node:crypto";
import { wipe } from "../envelope/secret.js";
import { type KekRing, parseKekRing } from "./kek-ring.js";
import type { ShamirConfig } from "./shamir-config.js";

type Sealed = ShamirConfig["sealedRing"];

const aadOf = (ceremony: string) => Buffer.from(`kv1/ring/${ceremony}`);

/** Encrypts the text of a KEK ring under the ceremony's unseal key (AES-256-GCM, bound to the ceremony). */
export function sealRing(unsealKey: KeyObject, ceremony: string, ring: Buffer): Sealed {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", unsealKey, iv).setAAD(aadOf(ceremony));
  const ciphertext = Buffer.concat([cipher.update(ring), cipher.final(), cipher.getAuthTag()]);
  return { iv: iv.toString("base64"), ciphertext: ciphertext.toString("base64") };
}

/** The text of the ring; the caller wipes it. Undefined when it was sealed under another key or ceremony. */
export function openRingText(unsealKey: KeyObject, ceremony: string, { iv, ciphertext }: Sealed): Buffer | undefined {
  const bytes = Buffer.from(ciphertext, "base64");
  const decipher = createDecipheriv("aes-256-gcm", unsealKey, Buffer.from(iv, "base64"), { authTagLength: 16 }).setAAD(aadOf(ceremony));
  decipher.setAuthTag(bytes.subarray(-16));
  const text = decipher.update(bytes.subarray(0, -16));
  try {
    decipher.final();
    return text;
  } catch {
    wipe(text);
    return undefined;
  }
}

/** The ring itself. @throws InterlockError CONFIG_INVALID when what was sealed is no ring */
export function openRing(unsealKey: KeyObject, ceremony: string, sealed: Sealed): KekRing | undefined {
  const text = openRingText(unsealKey, ceremony, sealed);
  try {
    return text === undefined ? undefined : parseKekRing(text.toString("utf8"));
  } finally {
    wipe(text);
  }
}
