import { HASH_SIZE } from "#platform/transparency-log/hash.js";
import type { Finding } from "./verdict.js";

const at = (hashes: Buffer, i: number) => hashes.toString("latin1", i * HASH_SIZE, (i + 1) * HASH_SIZE);
const count = (hashes: Buffer) => hashes.length / HASH_SIZE;

/**
 * Says what was done to entries whose leaf hashes are `seen` where `logged` stand in the log, and where it begins.
 * @param begin index of the first entry
 * @returns undefined when they are the same
 */
export function locateFault(seen: Buffer, logged: Buffer, begin: number): Finding | undefined {
  if (seen.equals(logged)) return undefined;
  const [has, should] = [count(seen), count(logged)];
  let k = 0;
  while (k < has && k < should && at(seen, k) === at(logged, k)) k += 1;
  const index = begin + k;
  if (k === has) return { kind: "TRUNCATED", index, message: `entries from ${index} on are missing` };
  if (k === should) return afterEnd(seen, logged, k, index);
  const places = new Map<string, number>();
  for (let i = 0; i < should; i++) places.set(at(logged, i), i);
  const place = places.get(at(seen, k));
  if (place === undefined) return { kind: "MODIFIED", index, message: `entry ${index} is not the one that was logged` };
  if (place < k) return { kind: "DUPLICATE", index, message: `entry ${begin + place} stands at ${index} again` };
  const stillThere = contains(seen, k, at(logged, k));
  if (stillThere) return { kind: "REORDERED", index, message: `entry ${begin + place} stands at ${index}` };
  return { kind: "MISSING", index, message: `entry ${index} is missing` };
}

function afterEnd(seen: Buffer, logged: Buffer, k: number, index: number): Finding {
  if (contains(logged, 0, at(seen, k))) return { kind: "DUPLICATE", index, message: `an earlier entry stands at ${index} again` };
  return { kind: "TRAILING", index, message: `entries from ${index} on were added behind the last one` };
}

function contains(hashes: Buffer, from: number, hash: string): boolean {
  for (let i = from; i < count(hashes); i++) if (at(hashes, i) === hash) return true;
  return false;
}
