import { type Address, type Hex, isAddressEqual } from "viem";
import { privateKeyToAddress } from "viem/accounts";

const HEX_KEY = 64;

/**
 * Texts in `haystack` that are the private key of one of `addresses`, in hex or base64: the keys the vault made are known to nobody, so
 * every 32 bytes that stand anywhere are tried.
 */
export function privateKeysIn(haystack: string, addresses: readonly Address[]): readonly Hex[] {
  const candidates = new Set([...hexCandidates(haystack), ...base64Candidates(haystack)]);
  return [...candidates].filter((candidate) => {
    try {
      const derived = privateKeyToAddress(candidate);
      return addresses.some((address) => isAddressEqual(address, derived));
    } catch {
      return false;
    }
  });
}

/** How many 32-byte texts there are to try. */
export function candidateCount(haystack: string): number {
  return new Set([...hexCandidates(haystack), ...base64Candidates(haystack)]).size;
}

function* hexCandidates(haystack: string): Generator<Hex> {
  for (const [run] of haystack.matchAll(/[0-9a-fA-F]{64,}/g)) {
    // ABI data is in words of 32 bytes behind a selector of 4; anything else is one key.
    for (const start of [0, 8]) {
      for (let at = start; at + HEX_KEY <= run.length; at += HEX_KEY) yield `0x${run.slice(at, at + HEX_KEY).toLowerCase()}`;
    }
  }
}

function* base64Candidates(haystack: string): Generator<Hex> {
  for (const [text] of haystack.matchAll(/(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{43}(?![A-Za-z0-9+/_-])/g)) {
    const bytes = Buffer.from(text, "base64url");
    if (bytes.length === 32) yield `0x${bytes.toString("hex")}`;
  }
}
