/** A block the tracker has seen. */
export interface SeenBlock {
  readonly number: bigint;
  readonly hash: string;
}

/**
 * The hashes of `seen` (newest first) that the chain gave up, given the chain's own hash at each of those heights.
 * A height the chain does not know any more counts as given up.
 */
export function orphans(seen: readonly SeenBlock[], onChain: (height: bigint) => string | undefined): SeenBlock[] {
  const gone: SeenBlock[] = [];
  for (const block of [...seen].sort((a, b) => (a.number > b.number ? -1 : 1))) {
    if (onChain(block.number) === block.hash) return gone;
    gone.push(block);
  }
  return gone;
}
