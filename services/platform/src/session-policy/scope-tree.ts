import { concatHex, encodeAbiParameters, type Hex, keccak256, zeroHash } from "viem";
import type { ScopeLeaf } from "./resolve-document.js";

const LEAF = [{ type: "address" }, { type: "bytes4" }, { type: "address" }] as const;

/** keccak256(abi.encode(target, selector, recipient)), as Scope.sol computes it from the call itself. */
export function leafHash({ target, selector, recipient }: ScopeLeaf): Hex {
  return keccak256(encodeAbiParameters(LEAF, [target, selector, recipient]));
}

/** Merkle tree with sorted pairs, as OpenZeppelin's MerkleProof verifies it; an odd node moves up unchanged. */
export interface ScopeTree {
  /** 0x0…0 for a tree without leaves, the leaf itself for one. */
  readonly root: Hex;
  /** Siblings from the leaf up; undefined when the leaf is not in the tree. */
  proof(leaf: Hex): Hex[] | undefined;
}

/** The tree over `leaves` in any order: they are sorted first, so that equal sets have equal roots. */
export function scopeTree(leaves: readonly Hex[]): ScopeTree {
  const levels: Hex[][] = [[...new Set(leaves)].toSorted()];
  for (let level = levels[0] ?? []; level.length > 1; level = levels.at(-1) ?? []) levels.push(parents(level));
  return {
    root: levels.at(-1)?.[0] ?? zeroHash,
    proof: (leaf) => {
      let position = levels[0]?.indexOf(leaf) ?? -1;
      if (position === -1) return undefined;
      const siblings: Hex[] = [];
      for (const level of levels) {
        const sibling = level[position ^ 1];
        if (sibling !== undefined) siblings.push(sibling);
        position >>= 1;
      }
      return siblings;
    },
  };
}

function parents(level: readonly Hex[]): Hex[] {
  const above: Hex[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const [left, right] = [level[i], level[i + 1]];
    if (left !== undefined) above.push(right === undefined ? left : hashPair(left, right));
  }
  return above;
}

function hashPair(a: Hex, b: Hex): Hex {
  return keccak256(a < b ? concatHex([a, b]) : concatHex([b, a]));
}
