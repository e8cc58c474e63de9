import { Wakeup } from "../event-store/wakeup.js";

export interface BackgroundLoopOptions {
  /** Longest pause in milliseconds between two turns when there is nothing to do. */
  readonly pauseMs: number;
  /** Least time in milliseconds from a turn that left nothing to do to the next one, so that what comes one by one is done together. */
  readonly restMs?: number;
  /** One turn; true means that there is more to do at once. A rejection is told and the turn repeated after the pause. */
  readonly turn: () => Promise<boolean>;
  readonly onError: (error: unknown) => void;
}

/** Turns one after the other for as long as the process lives; never two at a time, never ended by a failure. */
export class BackgroundLoop {
  readonly #work = new Wakeup();
  readonly #end = new Wakeup();
  private stopped = false;
  private running: Promise<void> | undefined;

  constructor(private readonly options: BackgroundLoopOptions) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Says that there is something to do: ends the pause, or the next one. */
  signal(): void {
    this.#work.signal();
  }

  /** Ends after the running turn. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.#work.signal();
    this.#end.signal();
    await this.running;
  }

  private async run(): Promise<void> {
    const { turn, onError, pauseMs, restMs = 0 } = this.options;
    while (!this.stopped) {
      const begun = performance.now();
      const more = await turn().catch((error: unknown) => {
        onError(error);
        return false;
      });
      if (more) continue;
      const rest = restMs - (performance.now() - begun);
      if (rest > 0 && !this.stopped) await this.#end.wait(rest);
      if (!this.stopped) await this.#work.wait(pauseMs);
    }
  }
}
