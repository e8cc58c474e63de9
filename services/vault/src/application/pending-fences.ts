import { InterlockError } from "#platform/errors/interlock-error.js";

/**
 * Keys whose DISARM was asked for while the database was away: this process signs nothing with them from that moment, and sets the fence as
 * soon as it can. Memory only: permissions repeats its DISARM until it hears "done".
 */
export class PendingFences {
  readonly #waiting = new Map<string, () => Promise<boolean>>();

  /** Remembers to run `retry` until it resolves to true. */
  add(keyRef: string, retry: () => Promise<boolean>): void {
    this.#waiting.set(keyRef, retry);
  }

  /** @throws InterlockError FENCED while a DISARM of this key is waiting */
  check(keyRef: string): void {
    if (this.#waiting.has(keyRef)) throw new InterlockError("FENCED", "a DISARM of this key is waiting for the database");
  }

  /** Tries all that wait once; gives how many still do. */
  async retryAll(): Promise<number> {
    for (const [keyRef, retry] of [...this.#waiting]) {
      if (await retry()) this.#waiting.delete(keyRef);
    }
    return this.#waiting.size;
  }
}
