/** A round that took long is followed by a pause this many times as long: what it took, signing was kept waiting. */
const YIELD = 3;
/** Longest pause for that reason: on a machine that is always busy the work still ends. */
const LONGEST_MS = 500;

/**
 * Milliseconds until the next batch of a rewrap: never more than `rowsPerSecond`, and less while signing has core and database busy, which
 * shows in how long the last batch took.
 */
export function pauseAfter(rows: number, rowsPerSecond: number, tookMs: number): number {
  return Math.max((1_000 * rows) / rowsPerSecond, Math.min(YIELD * tookMs, LONGEST_MS));
}
