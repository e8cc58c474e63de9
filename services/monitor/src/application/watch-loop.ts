import type { CapabilityRegistry } from "#platform/health/capability-registry.js";
import type { Logger } from "#platform/logging/logger.js";
import type { Watch } from "./watch.js";

/** Rounds of the watch, one after the other, for as long as the process lives. A failed round is repeated. */
export class WatchLoop {
  private stopped = false;
  private running: Promise<void> | undefined;
  private wake: () => void = () => {};

  constructor(
    private readonly watch: Watch,
    private readonly intervalMs: number,
    private readonly capabilities: CapabilityRegistry,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.watch.round();
        this.capabilities.reportDependency({ name: "watch", up: true });
      } catch (err) {
        this.watch.markBlind();
        this.capabilities.reportDependency({ name: "watch", up: false, reason: "the last look at the chain failed" });
        this.logger.warn({ err }, "the watcher is blind for now");
      }
      if (!this.stopped) await this.pause();
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.intervalMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
