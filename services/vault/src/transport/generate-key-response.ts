import type { GenerateKeyResponse } from "#proto/interlock/vault/v1/vault.js";
import { attestationKindOf, custodyOf } from "../domain/envelope/attestation-kind.js";
import type { SessionKey } from "../domain/key/session-key.js";

/** The public part of a new key; the public key is compressed (33 bytes). */
export function generateKeyResponse({ record, address, generation }: SessionKey): GenerateKeyResponse {
  return {
    keyRef: record.keyRef,
    publicKey: record.pubkey,
    address,
    kekVersion: String(record.kekVersion),
    algorithm: record.alg,
    custody: custodyOf(record.provider),
    attestationKind: attestationKindOf(record.provider),
    generation: String(generation),
  };
}
