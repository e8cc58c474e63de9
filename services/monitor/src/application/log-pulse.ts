/** Longest time in milliseconds between two checkpoints of a log that lives: it repeats the last one every 60 s. */
const SILENCE_MS = 75_000;

/** Whether the log is alive: it says so with a checkpoint, each second when busy and at the latest every minute. */
export class LogPulse {
  private last: number | undefined;

  constructor(private readonly now: () => number) {}

  /** A checkpoint came. */
  beat(): void {
    this.last = this.now();
  }

  alive(): boolean {
    return this.last !== undefined && this.now() - this.last < SILENCE_MS;
  }
}
