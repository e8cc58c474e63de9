import type { Hex } from "viem";
import { scopeNode } from "../model/scope.js";

/** A Merkle tree over leaves in the given order, with the proof of each. */
export interface Tree {
  readonly root: Hex;
  readonly proofs: ReadonlyMap<Hex, readonly Hex[]>;
}

/** An odd node at the end of a level moves up unpaired. */
export function buildTree(leaves: readonly [Hex, ...Hex[]]): Tree {
  const proofs = new Map<Hex, Hex[]>(leaves.map((leaf) => [leaf, []]));
  let level: { readonly node: Hex; readonly below: readonly Hex[] }[] = leaves.map((leaf) => ({ node: leaf, below: [leaf] }));
  while (level.length > 1) {
    const next: typeof level = [];
    for (let index = 0; index < level.length; index += 2) {
      const [left, right] = level.slice(index, index + 2);
      if (left === undefined) continue;
      if (right === undefined) {
        next.push(left);
        continue;
      }
      for (const leaf of left.below) proofs.get(leaf)?.push(right.node);
      for (const leaf of right.below) proofs.get(leaf)?.push(left.node);
      next.push({ node: scopeNode(left.node, right.node), below: [...left.below, ...right.below] });
    }
    level = next;
  }
  return { root: level[0]?.node ?? leaves[0], proofs };
}
