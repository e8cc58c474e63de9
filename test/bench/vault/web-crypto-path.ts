import { webcrypto } from "node:crypto";
import { type Hex, hexToBytes } from "viem";
import { sign } from "viem/accounts";

/**
 * What a careful team writes without a signer: the same two AES-GCM layers and HKDF by WebCrypto with a non-extractable KEK, then viem's
 * `sign`. It has no commitment and binds no identity.
 */
export async function webCryptoPath(): Promise<(digest: Hex) => Promise<Hex>> {
  const { subtle } = webcrypto;
  const random = (bytes: number) => webcrypto.getRandomValues(new Uint8Array(bytes));
  const kek = await subtle.importKey("raw", random(32), "HKDF", false, ["deriveKey"]);
  const [salt, iv, dekIv, aad] = [random(32), random(12), random(12), random(140)];
  const derive = (usage: "encrypt" | "decrypt") =>
    subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt, info: aad }, kek, { name: "AES-GCM", length: 256 }, false, [usage]);
  const gcm = (nonce: Uint8Array<ArrayBuffer>) => ({ name: "AES-GCM", iv: nonce, additionalData: aad });
  const dek = random(32);
  const importDek = (usage: "encrypt" | "decrypt", bytes: ArrayBuffer | Uint8Array<ArrayBuffer>) =>
    subtle.importKey("raw", bytes, "AES-GCM", false, [usage]);
  const wrapped = await subtle.encrypt(gcm(dekIv), await derive("encrypt"), dek);
  const sealed = await subtle.encrypt(gcm(iv), await importDek("encrypt", dek), hexToBytes(`0x${"17".repeat(32)}`));
  return async (hash) => {
    const opened = await subtle.decrypt(gcm(dekIv), await derive("decrypt"), wrapped);
    const secret = await subtle.decrypt(gcm(iv), await importDek("decrypt", opened), sealed);
    return sign({ hash, privateKey: `0x${Buffer.from(secret).toString("hex")}`, to: "hex" });
  };
}
