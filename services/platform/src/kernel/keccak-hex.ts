import { createKeccak } from "hash-wasm";

const hasher = await createKeccak(256);

/**
 * keccak256 of `bytes` as 64 hex characters without 0x. By hash-wasm: an intent's digest needs four permutations, which take 0.4 us each in
 * WebAssembly, 2.6 us in js-sha3 and 7.6 us in the one behind viem; with frozen intrinsics, as in signer-core, js-sha3 takes 15 us.
 * For public data only.
 */
export function keccakHex(bytes: Uint8Array): string {
  return hasher.init().update(bytes).digest("hex");
}
