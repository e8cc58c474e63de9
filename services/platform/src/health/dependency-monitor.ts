import { Breaker, type BreakerOptions } from "../degradation/breaker.js";
import type { Random } from "../kernel/random.js";
import type { CapabilityRegistry } from "./capability-registry.js";
import type { Condition } from "./condition.js";

export interface DependencyMonitorOptions {
  readonly name: string;
  /** Resolves when the dependency answers; must give up when `signal` ends. */
  readonly check: (signal: AbortSignal) => Promise<unknown>;
  readonly registry: CapabilityRegistry;
  readonly random: Random;
  /** Condition that follows this dependency. */
  readonly condition?: Condition;
  /** Milliseconds between checks while it is up. Default 5,000. */
  readonly intervalMs?: number;
  /** Milliseconds before a check counts as failed. Default 2,000. */
  readonly timeoutMs?: number;
  /** Milliseconds before the first retry while it is down; doubled up to `intervalMs`, with jitter. Default 250. */
  readonly retryMs?: number;
  /** When it counts as down and when as up again. */
  readonly breaker?: Omit<BreakerOptions, "random">;
  /** Called each time it came up, the first time included: connect here. A rejection counts as still down. */
  readonly onUp?: () => Promise<void> | void;
  readonly onDown?: (reason: string) => void;
}

const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return "unknown error";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
};

/** Watches one dependency for ever: never throws, never exits; a start with the dependency down is the ordinary case. */
export class DependencyMonitor {
  private failures = 0;
  private wasUp = false;
  private toldDown = false;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();
  private readonly breaker: Breaker;

  constructor(private readonly options: DependencyMonitorOptions) {
    this.breaker = new Breaker({ ...options.breaker, random: options.random });
  }

  /** Starts watching; returns at once. Until the first answer the dependency counts as down. */
  start(): void {
    this.report(false, "not checked yet");
    this.running = this.probe();
  }

  /** Stops watching; resolves when a check under way is over. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async probe(): Promise<void> {
    const { check, timeoutMs = 2_000 } = this.options;
    const began = performance.now();
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      await Promise.race([check(signal), rejectWhenAborted(signal)]);
      await this.succeeded(performance.now() - began);
    } catch (error) {
      this.failed(describe(error));
    }
    if (!this.stopped) this.timer = setTimeout(() => (this.running = this.probe()), this.delay()).unref();
  }

  private async succeeded(tookMs: number): Promise<void> {
    this.failures = 0;
    if (!this.breaker.success(performance.now(), tookMs)) return this.down(this.wasUp ? "slow" : "answers again, not for long enough yet");
    if (!this.wasUp) await this.options.onUp?.();
    this.wasUp = true;
    this.report(true);
  }

  private failed(reason: string): void {
    this.failures += 1;
    this.breaker.failure(performance.now());
    if (!this.wasUp || this.breaker.open) this.down(reason);
  }

  private down(reason: string): void {
    if (this.wasUp || !this.toldDown) this.options.onDown?.(reason);
    this.wasUp = false;
    this.toldDown = true;
    this.report(false, reason);
  }

  private delay(): number {
    const { intervalMs = 5_000, retryMs = 250, random } = this.options;
    // While it is coming back it is looked at often: how long it has held is counted in looks.
    const base =
      this.failures === 0
        ? this.wasUp
          ? intervalMs
          : Math.min(intervalMs, retryMs * 4)
        : Math.min(intervalMs, retryMs * 2 ** Math.min(this.failures - 1, 16));
    // Full pods restart together; half of the delay is drawn so that they do not knock in step.
    return base / 2 + (base / 2) * random.fraction();
  }

  private report(up: boolean, reason?: string): void {
    const { name, condition, registry } = this.options;
    registry.reportDependency({ name, up, ...(condition === undefined ? {} : { condition }), ...(reason === undefined ? {} : { reason }) });
  }
}

function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
