/** Blocks read again on every look, so that a short reorganisation cannot hide a revocation. */
export const LOOK_BACK = 6n;
/** Most blocks asked for at once: what common RPC providers allow. */
export const MAX_SPAN = 500n;

export interface BlockSpan {
  readonly from: bigint;
  readonly to: bigint;
}

/** The next blocks to read, or undefined when the watcher has seen the head. `seen` is the last block read. */
export function nextSpan(seen: bigint | undefined, head: bigint): BlockSpan | undefined {
  if (seen === undefined) return { from: head > LOOK_BACK ? head - LOOK_BACK : 0n, to: head };
  if (seen === head) return undefined;
  // A head below what was seen means that the chain was reorganised: read again from there.
  const start = seen < head ? seen : head;
  const from = start > LOOK_BACK ? start - LOOK_BACK : 0n;
  const to = from + MAX_SPAN < head ? from + MAX_SPAN : head;
  return { from, to };
}
