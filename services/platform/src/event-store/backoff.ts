import type { Random } from "../kernel/random.js";

/**
 * Milliseconds to wait before try number `attempt` (0 for the first repeat): doubling from `baseMs`, at most `capMs`,
 * half of it random, so that many waiters do not come back together.
 */
export function backoff(attempt: number, random: Random, baseMs = 50, capMs = 5_000): number {
  const full = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 20));
  return full / 2 + (full / 2) * random.fraction();
}
