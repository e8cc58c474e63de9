import { CompactRange, coveringNodes } from "./compact-range.js";
import { nodeHash } from "./hash.js";

/** Gives the hash of a perfect subtree of the log. */
export type NodeReader = (level: number, index: number) => Promise<Buffer>;

const wholeNumber = (value: number) => Number.isSafeInteger(value) && value >= 0;

/** Largest power of two below `size`, which must be above 1. */
function split(size: number): number {
  let half = 1;
  while (half * 2 < size) half *= 2;
  return half;
}

/** Hash of the leaves [begin, end) as RFC 6962 MTH gives it; `begin` must be the start of a subtree. */
async function rangeHash(read: NodeReader, begin: number, end: number): Promise<Buffer> {
  const hashes = await Promise.all(coveringNodes(begin, end).map(({ level, index }) => read(level, index)));
  return hashes.reduceRight((right, left) => nodeHash(left, right));
}

/**
 * Audit path of a leaf, RFC 6962 section 2.1.1, from the leaf upwards.
 * @throws RangeError unless 0 <= index < size
 */
export async function proveInclusion(read: NodeReader, index: number, size: number): Promise<Buffer[]> {
  if (!wholeNumber(index) || !wholeNumber(size) || index >= size) throw new RangeError(`no leaf ${index} in a log of ${size}`);
  const path: Buffer[] = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const middle = begin + split(end - begin);
    const left = index < middle;
    path.unshift(await (left ? rangeHash(read, middle, end) : rangeHash(read, begin, middle)));
    [begin, end] = left ? [begin, middle] : [middle, end];
  }
  return path;
}

/**
 * Proof that the log of `oldSize` leaves is the beginning of the log of `newSize`, RFC 6962 section 2.1.2.
 * @returns hashes in the RFC's order; empty when the sizes are equal or the old one is 0
 * @throws RangeError unless oldSize <= newSize
 */
export async function proveConsistency(read: NodeReader, oldSize: number, newSize: number): Promise<Buffer[]> {
  if (!wholeNumber(oldSize) || !wholeNumber(newSize) || oldSize > newSize) throw new RangeError(`no ${oldSize} leaves before ${newSize}`);
  if (oldSize === 0 || oldSize === newSize) return [];
  const proof: Buffer[] = [];
  let [begin, end] = [0, newSize];
  let whole = true;
  while (oldSize !== end) {
    const middle = begin + split(end - begin);
    const left = oldSize <= middle;
    proof.unshift(await (left ? rangeHash(read, middle, end) : rangeHash(read, begin, middle)));
    if (!left) whole = false;
    [begin, end] = left ? [begin, middle] : [middle, end];
  }
  if (!whole) proof.unshift(await rangeHash(read, begin, end));
  return proof;
}

/** What places consecutive leaves in a log: the subtrees on both sides of them. */
export interface RangeProof {
  readonly begin: number;
  readonly end: number;
  readonly size: number;
  /** Subtrees of [0, begin), from left to right. */
  readonly left: readonly Buffer[];
  /** Subtrees of [end, size), from left to right. */
  readonly right: readonly Buffer[];
}

/**
 * Proof that the leaves [begin, end) stand there in the log of `size`, whatever their number: at most 2 log2(size) hashes.
 * @throws RangeError unless 0 <= begin <= end <= size
 */
export async function proveRange(read: NodeReader, begin: number, end: number, size: number): Promise<RangeProof> {
  const valid = [begin, end, size].every(wholeNumber) && begin <= end && end <= size;
  if (!valid) throw new RangeError(`no range ${begin} to ${end} in a log of ${size}`);
  const hashes = (from: number, to: number) => Promise.all(coveringNodes(from, to).map(({ level, index }) => read(level, index)));
  return { begin, end, size, left: await hashes(0, begin), right: await hashes(end, size) };
}

/** The compact range [0, size), ready to be appended to. */
export async function readCompactRange(read: NodeReader, size: number): Promise<CompactRange> {
  const nodes = await Promise.all(coveringNodes(0, size).map(async (place) => ({ ...place, hash: await read(place.level, place.index) })));
  return new CompactRange(0, nodes);
}
