import { type BlockSpan, MAX_SPAN } from "../block-span.js";

/** Blocks the other side gets before a difference is told: with one more for the round itself it is told within three. */
export const PATIENCE = 2n;

/** How far the reconciler has read: the last block, and its hash as it was then. */
export interface ReadTo {
  readonly block: bigint;
  readonly hash: string;
}

/**
 * The next blocks to read, or undefined at the head.
 * @param canonical whether the last block read is still part of the chain; if not, everything less deep than `depth` is read again
 */
export function nextBlocks(read: ReadTo | undefined, canonical: boolean, head: bigint, depth: bigint): BlockSpan | undefined {
  const back = (from: bigint) => (from > depth ? from - depth : 0n);
  const from = read === undefined ? back(head) : canonical ? read.block + 1n : back(read.block < head ? read.block : head);
  if (from > head) return undefined;
  return { from, to: from + MAX_SPAN < head ? from + MAX_SPAN : head };
}
