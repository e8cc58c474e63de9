/** What came of calls made again and again while something happened. */
export interface Calls {
  readonly made: number;
  /** What went wrong, in the order it did; each call is tried once, as a client without retries would. */
  readonly failed: readonly string[];
}

/** Makes `call` again and again, `perSecond` at most, until it is stopped. */
export class SteadyCallers {
  private made = 0;
  private readonly failed: string[] = [];
  private stopped = false;
  private readonly running: Promise<void>;

  constructor(
    private readonly call: () => Promise<void>,
    private readonly perSecond: number,
  ) {
    this.running = this.run();
  }

  async stop(): Promise<Calls> {
    this.stopped = true;
    await this.running;
    return { made: this.made, failed: this.failed };
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const pause = new Promise((resolve) => setTimeout(resolve, 1_000 / this.perSecond));
      this.made += 1;
      await this.call().catch(
        (error: unknown) => void this.failed.push(error instanceof Error ? `${error.message} ${String(error.cause ?? "")}` : String(error)),
      );
      await pause;
    }
  }
}
