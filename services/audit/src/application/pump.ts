import type { Logger } from "#platform/logging/logger.js";
import type { Publisher } from "./publisher.js";

/** Longest pause between two looks for new entries, in milliseconds. */
const PAUSE = 250;

/** Keeps the outgoing topic up to date for as long as the process lives; a failure is logged and tried again. */
export class Pump {
  private stopped = false;
  private running: Promise<void> | undefined;
  private wake: () => void = () => {};

  constructor(
    private readonly publisher: Publisher,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Says that there are new entries. */
  signal(): void {
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const sent = await this.publisher.publishOnce().catch((err: unknown) => {
        this.logger.warn({ err }, "the audit topic is behind");
        return 0;
      });
      if (sent === 0) await this.pause();
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PAUSE);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
