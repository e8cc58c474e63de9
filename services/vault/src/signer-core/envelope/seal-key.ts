import { createSecretKey, randomBytes } from "node:crypto";
import type { Hex } from "viem";
import { keyAad } from "../../domain/envelope/aad.js";
import type { KeyIdentity, KeyRecord } from "../../domain/envelope/key-record.js";
import type { DekWrapper } from "../kek/kek-gate.js";
import { seal, toHex } from "./aead.js";
import { commitmentOf } from "./commitment.js";
import { randomSecret, wipe } from "./secret.js";

/** Encrypts `secret` under a fresh data key, and that under the provider's active KEK. Leaves `secret` to its owner. */
export async function sealKey(secret: Buffer, identity: KeyIdentity, floorHash: Hex, provider: DekWrapper): Promise<KeyRecord> {
  const dek = randomSecret(32);
  const iv = randomBytes(12);
  const key = createSecretKey(dek);
  try {
    const wrapped = await provider.wrap(dek, identity);
    return {
      ...identity,
      ...wrapped,
      v: 1,
      alg: "secp256k1",
      iv: toHex(iv),
      encryptedKey: seal(key, iv, keyAad(identity, floorHash), secret),
      commitment: toHex(commitmentOf(key)),
      floorHash,
    };
  } finally {
    wipe(dek);
  }
}
