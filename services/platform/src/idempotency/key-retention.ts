import type { Clock } from "../kernel/clock.js";
import { BackgroundLoop } from "../runtime/background-loop.js";

const DAY_MS = 86_400_000;

/** Days an Idempotency-Key is remembered after its first use: a week is promised, and one more day for clocks and pauses. */
export const KEPT_DAYS = 8;

const BATCH = 1_000;
const PAUSE_MS = 3_600_000;

export interface KeyRetentionOptions {
  readonly clock: Clock;
  /** Forgets up to `limit` rows from before `time`; returns how many. */
  readonly forgetBefore: (time: Date, limit: number) => Promise<number>;
  readonly onError: (error: unknown) => void;
  /** Milliseconds between two rounds; defaults to an hour. */
  readonly pauseMs?: number;
  /** Most rows of one statement; defaults to 1,000. */
  readonly batch?: number;
}

/** Forgets keys that are older than `KEPT_DAYS`, in short statements, for as long as the process lives. */
export function keyRetention({ clock, forgetBefore, onError, pauseMs = PAUSE_MS, batch = BATCH }: KeyRetentionOptions): BackgroundLoop {
  const turn = async () => (await forgetBefore(new Date(clock.now().getTime() - KEPT_DAYS * DAY_MS), batch)) === batch;
  return new BackgroundLoop({ pauseMs, turn, onError });
}
