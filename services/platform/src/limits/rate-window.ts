/**
 * The contract's exact sliding window (contracts/src/lib/SessionWord.sol): an operation is refused while the oldest of the
 * last `maxOps` operations is younger than `rateWindow`; at exactly `rateWindow` seconds of age it no longer counts.
 * Operations are Unix seconds, oldest first. `maxOps` 0 means no count limit.
 */
export interface RateLimit {
  readonly maxOps: number;
  readonly rateWindow: bigint;
}

/** The operations that still count at `now`. */
export function countedOperations(operations: readonly bigint[], limit: RateLimit, now: bigint): readonly bigint[] {
  return operations.filter((at) => now - at < limit.rateWindow);
}

/** How many operations are allowed at `now`; undefined when there is no count limit. */
export function operationsLeft(operations: readonly bigint[], limit: RateLimit, now: bigint): number | undefined {
  if (limit.maxOps === 0) return undefined;
  return Math.max(0, limit.maxOps - countedOperations(operations, limit, now).length);
}

/** First second at which `count` operations are allowed together; `now` when they are already, undefined when they never are. */
export function nextOperationAt(operations: readonly bigint[], limit: RateLimit, now: bigint, count = 1): bigint | undefined {
  if (limit.maxOps === 0) return now;
  const counted = countedOperations(operations, limit, now);
  const tooMany = counted.length + count - limit.maxOps;
  if (tooMany <= 0) return now;
  const lastToLeave = counted[tooMany - 1];
  return lastToLeave === undefined ? undefined : lastToLeave + limit.rateWindow;
}

/** `operations` with `count` more at `at`, still oldest first. */
export function addOperations(operations: readonly bigint[], at: bigint, count: number): readonly bigint[] {
  const later = operations.findIndex((other) => other > at);
  const place = later === -1 ? operations.length : later;
  return operations.toSpliced(place, 0, ...new Array<bigint>(count).fill(at));
}

/** `operations` without `count` of those at `at`; fewer when some have been forgotten since. */
export function removeOperations(operations: readonly bigint[], at: bigint, count: number): readonly bigint[] {
  let left = count;
  return operations.filter((other) => other !== at || left-- <= 0);
}
