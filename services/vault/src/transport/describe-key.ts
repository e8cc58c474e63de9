import type { DescribeKeyResponse } from "#proto/interlock/vault/v1/vault.js";
import type { SessionKey } from "../domain/key/session-key.js";

/** What may be known of a key: no ciphertext, no signatures. */
export function describeKey({ record, address, state, generation }: SessionKey): DescribeKeyResponse {
  return { keyRef: record.keyRef, address, state, generation: String(generation), floorHash: record.floorHash };
}
