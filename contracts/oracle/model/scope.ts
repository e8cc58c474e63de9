import { type Address, concatHex, encodeAbiParameters, type Hex, keccak256 } from "viem";

const LEAF = [{ type: "address" }, { type: "bytes4" }, { type: "address" }] as const;
const NO_SCOPE: Hex = `0x${"00".repeat(32)}`;

/** keccak256(abi.encode(target, selector, recipient or 0)). */
export function scopeLeaf(target: Address, selector: Hex, recipient: Address): Hex {
  return keccak256(encodeAbiParameters(LEAF, [target, selector, recipient]));
}

/** Parent of two nodes: the smaller comes first, so a proof needs no sides. */
export function scopeNode(a: Hex, b: Hex): Hex {
  return keccak256(BigInt(a) < BigInt(b) ? concatHex([a, b]) : concatHex([b, a]));
}

/** Whether `leaf` and its proof lead to the root; a root of 0 is no scope at all. */
export function inScope(root: Hex, leaf: Hex, proof: readonly Hex[]): boolean {
  return root === NO_SCOPE || proof.reduce(scopeNode, leaf) === root;
}
