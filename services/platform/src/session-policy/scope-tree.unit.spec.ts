import { concatHex, type Hex, keccak256, numberToHex, zeroHash } from "viem";
import { describe, expect, it } from "vitest";
import { scopeTree } from "./scope-tree.js";

const leaf = (n: number): Hex => keccak256(numberToHex(n, { size: 96 }));

/** MerkleProof.processProof of OpenZeppelin. */
const climb = (from: Hex, proof: readonly Hex[]) =>
  proof.reduce<Hex>(
    (node, sibling) => keccak256(BigInt(node) < BigInt(sibling) ? concatHex([node, sibling]) : concatHex([sibling, node])),
    from,
  );

describe("the scope tree", () => {
  it.each([1, 2, 3, 4, 5, 7, 8, 13])("of %s leaves proves each of them and no other", (size) => {
    const leaves = Array.from({ length: size }, (_, i) => leaf(i));
    const tree = scopeTree(leaves);
    for (const one of leaves) expect(climb(one, tree.proof(one) ?? [zeroHash])).toBe(tree.root);
    expect(tree.proof(leaf(99))).toBeUndefined();
  });
  it("of one leaf is the leaf, with an empty proof", () => {
    expect(scopeTree([leaf(1)]).root).toBe(leaf(1));
    expect(scopeTree([leaf(1)]).proof(leaf(1))).toEqual([]);
  });
  it("does not depend on order or repetition", () => {
    expect(scopeTree([leaf(3), leaf(1), leaf(2), leaf(1)]).root).toBe(scopeTree([leaf(1), leaf(2), leaf(3)]).root);
  });
  it("of nothing is 0", () => {
    expect(scopeTree([]).root).toBe(zeroHash);
  });
});
