export interface BackgroundLoopOptions {
  /** Longest pause in milliseconds between two turns when there is nothing to do. */
  readonly pauseMs: number;
  /** One turn; true means that there is more to do at once. A rejection is told and the turn repeated after the pause. */
  readonly turn: () => Promise<boolean>;
  readonly onError: (error: unknown) => void;
}

/** Turns one after the other for as long as the process lives; never two at a time, never ended by a failure. */
export class BackgroundLoop {
  private stopped = false;
  private running: Promise<void> | undefined;
  private wake: () => void = () => {};

  constructor(private readonly options: BackgroundLoopOptions) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Says that there is something to do: ends the pause. */
  signal(): void {
    this.wake();
  }

  /** Ends after the running turn. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const more = await this.options.turn().catch((error: unknown) => {
        this.options.onError(error);
        return false;
      });
      if (!more && !this.stopped) await this.pause();
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.options.pauseMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
