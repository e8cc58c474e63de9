import { LogError } from "#platform/transparency-log/log-error.js";
import { chainKey } from "#platform/transparency-log/producer-chain.js";
import type { ProducerKeys } from "./producer-chain.js";

/**
 * Reads the keys of the producers from a trust file: `{"callers": {"vault": {"keys": [<public Ed25519 JWK>]}}}`.
 * @throws LogError MALFORMED
 */
export function parseProducerKeys(text: string): ProducerKeys {
  try {
    const file: unknown = JSON.parse(text);
    const callers: unknown = typeof file === "object" && file !== null && "callers" in file ? file.callers : undefined;
    if (typeof callers !== "object" || callers === null) throw new TypeError("no callers");
    return new Map(Object.entries(callers).map(([name, entry]: [string, unknown]) => [`urn:interlock:${name}`, keysOf(entry)]));
  } catch (error) {
    throw new LogError("MALFORMED", `the file of producers' keys is malformed: ${error instanceof Error ? error.message : "an error"}`);
  }
}

function keysOf(entry: unknown) {
  const keys: unknown = typeof entry === "object" && entry !== null && "keys" in entry ? entry.keys : undefined;
  if (!Array.isArray(keys)) throw new TypeError("no keys");
  return keys.map((key: object) => chainKey({ ...key }));
}
