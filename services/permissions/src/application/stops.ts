import type { Disarm, Forfeit } from "../domain/session-command.js";
import type { CommandOrigin } from "./session-stream.js";

/** A stop that could not be recorded because the store is away: what is appended once it is back. */
export interface UnrecordedStop {
  readonly sessionId: string;
  readonly command: Disarm | Forfeit;
  readonly origin: CommandOrigin;
}

/** Stops that were accepted and that the disk did not take; times are Unix seconds. */
export interface SpoolGap {
  readonly refused: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Where stops wait that the store cannot take; it outlives the process. */
export interface StopSpool {
  /** What was kept before and not drained, oldest first. */
  readonly kept: readonly UnrecordedStop[];
  /** What was refused and not yet recorded, of this process or one before it. */
  readonly gap: SpoolGap | undefined;
  /** Resolves nothing: when it returns the stop is on disk. @throws Error when the disk does not take it */
  keep(stop: UnrecordedStop): void;
  /** Marks that a stop accepted at `at` was refused; needs no space. */
  refused(at: number): void;
  /** The gap is on the log. */
  gapRecorded(): void;
  /** Everything that was kept is recorded. */
  drained(): void;
}

/** Told of what happens to stops: for metrics, conditions and the log. */
export interface StopsWatch {
  /** How many wait, and since when the oldest does (Unix seconds). */
  waiting(count: number, oldestAt: number | undefined): void;
  unspooled(error: unknown): void;
}

/**
 * Stops asked for while the store is away: they hold in this process at once, are spooled before they are acknowledged where there is a
 * spool, and are appended when the store is back. Without one, the owner's on-chain disarm and the vault's fence stand in after a restart.
 */
export class Stops {
  readonly #waiting = new Map<string, UnrecordedStop>();

  constructor(
    private readonly spool?: StopSpool,
    private readonly watch: StopsWatch = { waiting: () => {}, unspooled: () => {} },
  ) {
    for (const stop of spool?.kept ?? []) this.#waiting.set(stop.sessionId, stop);
    this.#tell();
  }

  /** A disk that is full or broken must not keep a session alive: it is stopped here all the same, and said. */
  add({ sessionId, command, origin }: UnrecordedStop): void {
    if (this.#waiting.has(sessionId)) return;
    const stop = { sessionId, command: { ...command, spooled: true } as const, origin };
    this.#waiting.set(sessionId, stop);
    try {
      this.spool?.keep(stop);
    } catch (error) {
      this.#refused(command.at);
      this.watch.unspooled(error);
    }
    this.#tell();
  }

  /** True while the session is stopped without its stream saying so. */
  has(sessionId: string): boolean {
    return this.#waiting.has(sessionId);
  }

  /** In the order they were accepted. */
  waiting(): readonly UnrecordedStop[] {
    return [...this.#waiting.values()];
  }

  get gap(): SpoolGap | undefined {
    return this.spool?.gap;
  }

  recorded(sessionId: string): void {
    this.#waiting.delete(sessionId);
    if (this.#waiting.size === 0) this.spool?.drained();
    this.#tell();
  }

  gapRecorded(): void {
    this.spool?.gapRecorded();
  }

  #refused(at: number): void {
    try {
      this.spool?.refused(at);
    } catch (error) {
      this.watch.unspooled(error);
    }
  }

  #tell(): void {
    const [oldest] = this.#waiting.values();
    this.watch.waiting(this.#waiting.size, oldest?.command.at);
  }
}
