import type { Actor } from "#platform/event-store/types.js";
import type { Session } from "../domain/session-state.js";

/** A stop that could not be recorded because the store is away. */
export interface UnrecordedStop {
  readonly state: Session;
  readonly reason: string;
  readonly initiator: string;
  readonly actor: Actor;
}

/**
 * Stops asked for while the store is away: they hold in this process at once and are appended when the store is back.
 * Kept in memory; after a restart the vault's fence and the store itself stand in for it.
 */
export class Stops {
  readonly #waiting = new Map<string, UnrecordedStop>();

  add(stop: UnrecordedStop): void {
    this.#waiting.set(stop.state.key.sessionId, stop);
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
  }
}
