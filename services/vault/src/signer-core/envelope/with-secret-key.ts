import { createSecretKey } from "node:crypto";
import { keyAad } from "../../domain/envelope/aad.js";
import type { KeyRecord } from "../../domain/envelope/key-record.js";
import type { DekWrapper } from "../kek/kek-gate.js";
import { fromHex, open } from "./aead.js";
import { isCommitted } from "./commitment.js";
import { wipe } from "./secret.js";
import { unreadable } from "./unreadable.js";

/**
 * Lends the secret key of `record` to `use` and wipes it afterwards, whatever happens.
 * @throws InterlockError FENCED when any part of the record is not the one that was stored for this key
 */
export async function withSecretKey<T>(record: KeyRecord, provider: DekWrapper, use: (secret: Buffer) => T | Promise<T>): Promise<T> {
  let dek: Buffer | undefined;
  let secret: Buffer | undefined;
  try {
    dek = await provider.unwrap(record, record);
    // As a key object: derivations and ciphers with a key in a buffer cost several times as much, and OpenSSL wipes what it lets go.
    const key = dek === undefined ? undefined : createSecretKey(dek);
    if (key === undefined || !isCommitted(key, fromHex(record.commitment))) throw unreadable();
    secret = open(key, fromHex(record.iv), keyAad(record, record.floorHash), record.encryptedKey, 32);
    // The public key is in the AAD, so this secret is the one it was stored with; signing verifies against it besides.
    if (secret === undefined) throw unreadable();
    return await use(secret);
  } finally {
    wipe(dek, secret);
  }
}
