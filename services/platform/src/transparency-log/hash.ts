import { hash } from "node:crypto";

/** Bytes of a SHA-256 hash. */
export const HASH_SIZE = 32;

/** Largest leaf in bytes: what the two-byte length of an entry bundle (C2SP tlog-tiles) can say. */
export const MAX_LEAF_BYTES = 65_535;

const LEAF_PREFIX = 0;
const NODE_PREFIX = 1;

/** SHA-256 of `bytes`. By way of a string: a Buffer out of the native call costs twice the hash of an inner node. */
const sha256 = (bytes: Uint8Array): Buffer => Buffer.from(hash("sha256", bytes, "binary"), "latin1");

const leafScratch = Buffer.alloc(1 + MAX_LEAF_BYTES);
leafScratch[0] = LEAF_PREFIX;
const nodeScratch = Buffer.alloc(1 + 2 * HASH_SIZE);
nodeScratch[0] = NODE_PREFIX;

/** SHA-256 of the empty string: the root of a log without leaves (RFC 6962 section 2.1). */
export const EMPTY_ROOT: Buffer = hash("sha256", "", "buffer");

/**
 * Hash of a leaf: SHA-256(0x00 || bytes), RFC 6962 section 2.1.
 * @throws RangeError when the leaf is larger than 65,535 bytes
 */
export function leafHash(bytes: Uint8Array): Buffer {
  if (bytes.length > MAX_LEAF_BYTES) throw new RangeError(`a leaf has at most ${MAX_LEAF_BYTES} bytes, saw ${bytes.length}`);
  leafScratch.set(bytes, 1);
  return sha256(leafScratch.subarray(0, 1 + bytes.length));
}

/**
 * Hash of the leaf in bytes[start, end), without copying it: the byte in front of it becomes the prefix.
 * @param start at least 1
 */
export function leafHashInPlace(bytes: Buffer, start: number, end: number): Buffer {
  bytes[start - 1] = LEAF_PREFIX;
  return sha256(bytes.subarray(start - 1, end));
}

/** Hash of an inner node: SHA-256(0x01 || left || right), RFC 6962 section 2.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  nodeScratch.set(left, 1);
  nodeScratch.set(right, 1 + HASH_SIZE);
  return sha256(nodeScratch);
}
