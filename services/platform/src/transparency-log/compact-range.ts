import { EMPTY_ROOT, nodeHash } from "./hash.js";

/** A perfect subtree: `level` 0 is a leaf, `index` counts subtrees of its level from the left. */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
  readonly hash: Buffer;
}

/** Called for every subtree that becomes complete. */
export type NodeVisitor = (node: TreeNode) => void;

/**
 * The smallest list of perfect subtrees that covers the leaves [begin, end): at most two a level, and all that is needed to go on
 * appending or to join the range with its neighbours.
 */
export class CompactRange {
  readonly #nodes: TreeNode[];
  #end: number;

  constructor(
    readonly begin = 0,
    nodes: readonly TreeNode[] = [],
  ) {
    this.#nodes = [...nodes];
    this.#end = nodes.reduce((end, { level, index }) => Math.max(end, (index + 1) * 2 ** level), begin);
  }

  /** Index after the last leaf. */
  get end(): number {
    return this.#end;
  }

  get nodes(): readonly TreeNode[] {
    return this.#nodes;
  }

  /** Adds the leaf at `end`. */
  appendLeaf(hash: Buffer, visit?: NodeVisitor): void {
    this.append({ level: 0, index: this.#end, hash }, visit);
  }

  /**
   * Adds the subtree that begins at `end` and joins it with its left siblings.
   * @throws RangeError when it begins elsewhere
   */
  append(node: TreeNode, visit?: NodeVisitor): void {
    if (node.index * 2 ** node.level !== this.#end)
      throw new RangeError(`a subtree at leaf ${node.index * 2 ** node.level}, expected ${this.#end}`);
    this.#end = (node.index + 1) * 2 ** node.level;
    let { level, index, hash } = node;
    visit?.(node);
    for (let left = this.#nodes.at(-1); left !== undefined; left = this.#nodes.at(-1)) {
      if (left.level !== level || index % 2 === 0 || left.index !== index - 1) break;
      this.#nodes.pop();
      hash = nodeHash(left.hash, hash);
      index = (index - 1) / 2;
      level += 1;
      visit?.({ level, index, hash });
    }
    this.#nodes.push({ level, index, hash });
  }

  /** Root of the log when the range begins at its first leaf. @throws RangeError when it does not */
  root(): Buffer {
    if (this.begin !== 0) throw new RangeError(`the range begins at leaf ${this.begin}, a root needs the first`);
    let root: Buffer | undefined;
    for (const { hash } of this.#nodes.toReversed()) root = root === undefined ? hash : nodeHash(hash, root);
    return root ?? EMPTY_ROOT;
  }
}

/** Places of the perfect subtrees that cover [begin, end), from left to right. */
export function coveringNodes(begin: number, end: number): readonly { readonly level: number; readonly index: number }[] {
  const places: { level: number; index: number }[] = [];
  for (let at = begin; at < end; ) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= end) level += 1;
    places.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return places;
}
