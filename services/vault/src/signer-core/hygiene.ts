/** Longest time in milliseconds that a key object which nobody uses any more stays in memory. */
const LONGEST_MS = 2_000;

/**
 * OpenSSL wipes a key object's bytes when the garbage collector lets go of it, which on an idle process may be never: after keys were
 * opened the collector is asked to.
 */
export class Hygiene {
  #timer: NodeJS.Timeout | undefined;

  /** @param collect the collector (`--expose-gc`); without it nothing is asked for */
  constructor(private readonly collect: (() => void) | undefined) {}

  /** Keys were opened. */
  opened(): void {
    if (this.collect === undefined || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.collect?.();
    }, LONGEST_MS).unref();
  }
}
