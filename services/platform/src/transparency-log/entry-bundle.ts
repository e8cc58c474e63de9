import { MAX_LEAF_BYTES } from "./hash.js";
import { LogError } from "./log-error.js";

/** An entry bundle of C2SP tlog-tiles: each leaf behind its length, two bytes, big endian. */
export function encodeBundle(leaves: readonly Uint8Array[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const leaf of leaves) {
    if (leaf.length > MAX_LEAF_BYTES) throw new RangeError(`a leaf has at most ${MAX_LEAF_BYTES} bytes, saw ${leaf.length}`);
    parts.push(Buffer.from([leaf.length >> 8, leaf.length & 0xff]), leaf);
  }
  return Buffer.concat(parts);
}

/**
 * The leaves of a bundle.
 * @throws LogError TRUNCATED when the bytes end inside one; MISSING or TRAILING when there are fewer or more than `width`
 */
export function decodeBundle(bundle: Buffer, width: number): Buffer[] {
  const leaves: Buffer[] = [];
  for (let at = 0; at < bundle.length; ) {
    const length = at + 2 <= bundle.length ? bundle.readUInt16BE(at) : Number.POSITIVE_INFINITY;
    if (at + 2 + length > bundle.length) throw new LogError("TRUNCATED", `a bundle ends inside its entry ${leaves.length}`);
    leaves.push(bundle.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  if (leaves.length < width) throw new LogError("MISSING", `a bundle of ${width} entries holds ${leaves.length}`);
  if (leaves.length > width) throw new LogError("TRAILING", `a bundle of ${width} entries holds ${leaves.length}`);
  return leaves;
}
