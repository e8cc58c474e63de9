import { CompactRange, coveringNodes } from "./compact-range.js";
import { HASH_SIZE, nodeHash } from "./hash.js";
import { LogError } from "./log-error.js";
import type { RangeProof } from "./prove.js";

const bad = (message: string) => new LogError("BAD_PROOF", message);
const isIndex = (value: number) => Number.isSafeInteger(value) && value >= 0;
const equal = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

function requireHashes(hashes: readonly Uint8Array[]): void {
  for (const hash of hashes) if (hash.length !== HASH_SIZE) throw bad(`a hash has ${HASH_SIZE} bytes, saw ${hash.length}`);
}

/**
 * Checks an audit path, RFC 9162 section 2.1.3.2.
 * @throws LogError BAD_PROOF when `hash` is not the hash of leaf `index` in the log of `size` with `root`
 */
export function verifyInclusion(index: number, size: number, hash: Uint8Array, proof: readonly Uint8Array[], root: Uint8Array): void {
  if (!isIndex(index) || !isIndex(size) || index >= size) throw bad(`no leaf ${index} in a log of ${size}`);
  requireHashes([hash, root, ...proof]);
  let [fn, sn] = [index, size - 1];
  let seen: Uint8Array = hash;
  for (const step of proof) {
    if (sn === 0) throw bad("the proof is too long");
    if (fn % 2 === 1 || fn === sn) {
      seen = nodeHash(step, seen);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else {
      seen = nodeHash(seen, step);
    }
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  if (sn !== 0) throw bad("the proof is too short");
  if (!equal(seen, root)) throw bad("the proof leads to another root");
}

/**
 * Checks a consistency proof, RFC 9162 section 2.1.4.2. From an empty log nothing can be proved: an old size of 0 with another new
 * size is refused, whoever asks has to know that everything begins with it.
 * @throws LogError BAD_PROOF when the log of `oldSize` with `oldRoot` is not shown to be the beginning of the other
 */
export function verifyConsistency(
  oldSize: number,
  newSize: number,
  proof: readonly Uint8Array[],
  oldRoot: Uint8Array,
  newRoot: Uint8Array,
): void {
  if (!isIndex(oldSize) || !isIndex(newSize) || oldSize > newSize) throw bad(`no ${oldSize} leaves before ${newSize}`);
  if (oldSize === newSize) {
    if (proof.length > 0) throw bad("equal sizes need no proof");
    if (!equal(oldRoot, newRoot)) throw bad(`two roots for the size ${oldSize}`);
    return;
  }
  if (oldSize === 0) throw bad("nothing is consistent with an empty log");
  requireHashes([oldRoot, newRoot, ...proof]);
  const [first, ...rest] = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof;
  if (first === undefined) throw bad("the proof is empty");
  let [fn, sn] = [oldSize - 1, newSize - 1];
  while (fn % 2 === 1) [fn, sn] = [(fn - 1) / 2, Math.floor(sn / 2)];
  let [oldSeen, newSeen]: [Uint8Array, Uint8Array] = [first, first];
  for (const step of rest) {
    if (sn === 0) throw bad("the proof is too long");
    if (fn % 2 === 1 || fn === sn) {
      oldSeen = nodeHash(step, oldSeen);
      newSeen = nodeHash(step, newSeen);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else {
      newSeen = nodeHash(newSeen, step);
    }
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  if (sn !== 0) throw bad("the proof is too short");
  if (!equal(oldSeen, oldRoot)) throw bad("the proof leads to another old root");
  if (!equal(newSeen, newRoot)) throw bad("the proof leads to another new root");
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value)) && 2 ** Math.log2(value) === value;
}

/**
 * Root of the log in which `leaves` stand at [begin, end), by a range proof.
 * @param leaves the compact range of exactly the leaves [begin, end)
 * @throws LogError BAD_PROOF when the proof's numbers do not fit each other
 */
export function rootOfRange(proof: RangeProof, leaves: CompactRange): Buffer {
  const { begin, end, size, left, right } = proof;
  if (![begin, end, size].every(isIndex) || begin > end || end > size) throw bad(`no range ${begin} to ${end} in a log of ${size}`);
  if (leaves.begin !== begin || leaves.end !== end)
    throw bad(`the proof is of ${begin} to ${end}, the leaves are ${leaves.begin} to ${leaves.end}`);
  requireHashes([...left, ...right]);
  const all = new CompactRange();
  appendAll(all, 0, begin, left);
  for (const node of leaves.nodes) all.append(node);
  appendAll(all, end, size, right);
  return all.root();
}

function appendAll(range: CompactRange, begin: number, end: number, hashes: readonly Buffer[]): void {
  const places = coveringNodes(begin, end);
  if (places.length !== hashes.length) throw bad(`${begin} to ${end} needs ${places.length} hashes, saw ${hashes.length}`);
  for (const [i, place] of places.entries()) {
    const hash = hashes[i];
    if (hash !== undefined) range.append({ ...place, hash });
  }
}
