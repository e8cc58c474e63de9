import { monitorEventLoopDelay } from "node:perf_hooks";

/** Mean delay above which a process counts as stalled and is better restarted, milliseconds. */
const STALLED_MS = 5_000;
const WINDOW_MS = 10_000;

/** Watches how late the event loop runs: the only thing liveness depends on. */
export class EventLoopWatch {
  private readonly histogram = monitorEventLoopDelay({ resolution: 20 });
  private readonly timer: NodeJS.Timeout;

  constructor() {
    this.histogram.enable();
    this.timer = setInterval(() => this.histogram.reset(), WINDOW_MS).unref();
  }

  /** Mean delay in the current window, whole milliseconds. */
  stalledMs(): number {
    return Number.isFinite(this.histogram.mean) ? Math.round(this.histogram.mean / 1e6) : 0;
  }

  alive(): boolean {
    return this.stalledMs() < STALLED_MS;
  }

  stop(): void {
    clearInterval(this.timer);
    this.histogram.disable();
  }
}
