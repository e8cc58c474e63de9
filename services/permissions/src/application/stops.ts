import type { Disarm, Forfeit } from "../domain/session-command.js";
import type { CommandOrigin } from "./session-stream.js";

/** A stop that could not be recorded because the store is away: what is appended once it is back. */
export interface UnrecordedStop {
  readonly sessionId: string;
  readonly command: Disarm | Forfeit;
  readonly origin: CommandOrigin;
}

/** Where stops wait that the store cannot take; it outlives the process. */
export interface StopSpool {
  /** What was kept before and not drained, oldest first. */
  readonly kept: readonly UnrecordedStop[];
  /** Resolves nothing: when it returns the stop is on disk. @throws Error when the disk does not take it */
  keep(stop: UnrecordedStop): void;
  /** Everything that was kept is recorded. */
  drained(): void;
}

/**
 * Stops asked for while the store is away: they hold in this process at once, are spooled before they are acknowledged where there is a
 * spool, and are appended when the store is back. Without one, the owner's on-chain disarm and the vault's fence stand in after a restart.
 */
export class Stops {
  readonly #waiting = new Map<string, UnrecordedStop>();

  constructor(
    private readonly spool?: StopSpool,
    private readonly unspooled: (error: unknown) => void = () => {},
  ) {
    for (const stop of spool?.kept ?? []) this.#waiting.set(stop.sessionId, stop);
  }

  /** A disk that is full or broken must not keep a session alive: it is stopped here all the same, and said. */
  add(stop: UnrecordedStop): void {
    if (this.#waiting.has(stop.sessionId)) return;
    this.#waiting.set(stop.sessionId, stop);
    try {
      this.spool?.keep(stop);
    } catch (error) {
      this.unspooled(error);
    }
  }

  /** True while the session is stopped without its stream saying so. */
  has(sessionId: string): boolean {
    return this.#waiting.has(sessionId);
  }

  waiting(): readonly UnrecordedStop[] {
    return [...this.#waiting.values()];
  }

  recorded(sessionId: string): void {
    this.#waiting.delete(sessionId);
    if (this.#waiting.size === 0) this.spool?.drained();
  }
}
