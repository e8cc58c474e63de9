/**
 * Authorisations under way per session in this process, so that a DISARM is acknowledged only once every ticket that was begun
 * before it has been handed out or refused: no ticket after the acknowledgement.
 */
export class Gates {
  readonly #inside = new Map<string, Set<Promise<unknown>>>();

  /** Runs `work` as one of the session's authorisations. */
  async enter<T>(sessionId: string, work: () => Promise<T>): Promise<T> {
    const running = work();
    const inside = this.#inside.get(sessionId) ?? new Set();
    inside.add(running);
    this.#inside.set(sessionId, inside);
    try {
      return await running;
    } finally {
      inside.delete(running);
      if (inside.size === 0 && this.#inside.get(sessionId) === inside) this.#inside.delete(sessionId);
    }
  }

  /** Resolves when everything that was inside at the time of the call has left; never rejects. */
  async drained(sessionId: string): Promise<void> {
    await Promise.allSettled([...(this.#inside.get(sessionId) ?? [])]);
  }
}
