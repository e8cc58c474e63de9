import { HASH_SIZE } from "#platform/transparency-log/hash.js";
import { LogError } from "#platform/transparency-log/log-error.js";

/** A proof that the log grew from `from` entries with `root`. */
export interface ConsistencyStep {
  readonly from: number;
  readonly root: Buffer;
  readonly hashes: readonly Buffer[];
}

const malformed = () => new LogError("BAD_PROOF", "consistency.json is malformed");

function hashOf(text: unknown): Buffer {
  const hash = typeof text === "string" ? Buffer.from(text, "base64") : Buffer.alloc(0);
  if (hash.length !== HASH_SIZE) throw malformed();
  return hash;
}

/** The steps in `bytes`, none when there is no file. @throws LogError BAD_PROOF */
export function parseConsistency(bytes: Buffer | undefined): readonly ConsistencyStep[] {
  if (bytes === undefined) return [];
  let list: unknown;
  try {
    list = JSON.parse(bytes.toString("utf8"));
  } catch {
    throw malformed();
  }
  if (!Array.isArray(list)) throw malformed();
  return list.map((step: unknown): ConsistencyStep => {
    if (typeof step !== "object" || step === null || !("from" in step) || !("root" in step) || !("hashes" in step)) throw malformed();
    const { from, root, hashes } = step;
    if (typeof from !== "number" || !Number.isSafeInteger(from) || !Array.isArray(hashes)) throw malformed();
    return { from, root: hashOf(root), hashes: hashes.map(hashOf) };
  });
}
