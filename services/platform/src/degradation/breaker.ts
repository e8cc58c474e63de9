import type { Random } from "../kernel/random.js";

export interface BreakerOptions {
  /** Failures in a row that open it once it was closed. Default 3. */
  readonly failures?: number;
  /** Milliseconds an answer may take; slower ones for `slowMs` open it. None: slowness is no reason. */
  readonly budgetMs?: number | undefined;
  /** Default 5,000. */
  readonly slowMs?: number;
  /** Milliseconds of nothing but successes that close it again. Default 0. */
  readonly clearMs?: number | undefined;
  /** Least milliseconds it stays open; up to a half more is drawn, so that replicas do not change in step. Default 0. */
  readonly dwellMs?: number | undefined;
  readonly random: Random;
}

/**
 * When one dependency counts as down. It opens fast and closes slowly: what comes and goes must not make authority come and go with it.
 * Until it was closed for the first time nothing is known, so the first answer decides at once; a start waits for nobody's dwell.
 */
export class Breaker {
  private current: "unknown" | "closed" | "open" = "unknown";
  private everClosed = false;
  private failed = 0;
  private openedAt = 0;
  private dwell = 0;
  private succeedingSince: number | undefined;
  private slowSince: number | undefined;

  constructor(private readonly options: BreakerOptions) {}

  get open(): boolean {
    return this.current !== "closed";
  }

  /** @param now monotonic milliseconds @returns true when this opened or reopened it */
  failure(now: number): boolean {
    this.failed += 1;
    this.succeedingSince = undefined;
    const tolerated = this.current === "closed" && this.failed < (this.options.failures ?? 3);
    return tolerated ? false : this.trip(now);
  }

  /** @param tookMs how long the answer took @returns true when this closes it, or keeps it closed */
  success(now: number, tookMs: number): boolean {
    this.failed = 0;
    const { budgetMs, slowMs = 5_000, clearMs = 0 } = this.options;
    const slow = budgetMs !== undefined && tookMs > budgetMs;
    this.slowSince = slow ? (this.slowSince ?? now) : undefined;
    if (this.current === "closed") {
      if (this.slowSince === undefined || now - this.slowSince < slowMs) return true;
      this.trip(now);
      return false;
    }
    this.succeedingSince = slow ? undefined : (this.succeedingSince ?? now);
    const steady = this.succeedingSince !== undefined && now - this.succeedingSince >= clearMs;
    const settled = now - this.openedAt >= this.dwell;
    if (this.everClosed && !(steady && settled)) return false;
    this.current = "closed";
    this.everClosed = true;
    this.slowSince = undefined;
    return true;
  }

  private trip(now: number): boolean {
    const before = this.current;
    this.current = "open";
    if (before === "open") return false;
    this.openedAt = now;
    const { dwellMs = 0, random } = this.options;
    this.dwell = dwellMs * (1 + random.fraction() / 2);
    return true;
  }
}
