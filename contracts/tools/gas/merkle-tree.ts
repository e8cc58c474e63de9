import { createHash } from "node:crypto";
import { type Hex, toHex } from "viem";

/** RFC 9162 leaf hashes of entries "0", "1", ...: SHA-256(0x00 || entry). */
export function leafHashes(count: number): readonly Buffer[] {
  return Array.from({ length: count }, (_, index) => createHash("sha256").update("\0").update(String(index)).digest());
}

/** Merkle tree hash of leaves [from, to): RFC 9162, 2.1.1. */
export function treeHash(leaves: readonly Buffer[], from: number, to: number): Hex {
  return toHex(subtree(leaves, from, to));
}

/** PROOF(m, D[n]): RFC 9162, 2.1.4.1. @param older m @param newer n */
export function consistencyProof(leaves: readonly Buffer[], older: number, newer: number): readonly Hex[] {
  const proof: Hex[] = [];
  collect(leaves, { older, from: 0, to: newer, whole: true }, proof);
  return proof;
}

interface Part {
  readonly older: number;
  readonly from: number;
  readonly to: number;
  readonly whole: boolean;
}

function collect(leaves: readonly Buffer[], { older, from, to, whole }: Part, proof: Hex[]): void {
  if (older === to - from) {
    if (!whole) proof.push(treeHash(leaves, from, to));
    return;
  }
  const split = splitOf(to - from);
  if (older <= split) {
    collect(leaves, { older, from, to: from + split, whole }, proof);
    proof.push(treeHash(leaves, from + split, to));
  } else {
    collect(leaves, { older: older - split, from: from + split, to, whole: false }, proof);
    proof.push(treeHash(leaves, from, from + split));
  }
}

function subtree(leaves: readonly Buffer[], from: number, to: number): Buffer {
  const leaf = leaves[from];
  if (leaf === undefined) throw new Error(`there is no leaf ${from}`);
  if (to - from === 1) return leaf;
  const split = splitOf(to - from);
  const [left, right] = [subtree(leaves, from, from + split), subtree(leaves, from + split, to)];
  return createHash("sha256").update("\u0001").update(left).update(right).digest();
}

/** The largest power of two smaller than n. */
function splitOf(n: number): number {
  return 2 ** Math.ceil(Math.log2(n) - 1);
}
