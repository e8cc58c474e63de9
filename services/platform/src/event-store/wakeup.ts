/** A wait that a signal ends early. A signal that comes while nobody waits ends the next wait at once. */
export class Wakeup {
  #signalled = false;
  #resume: (() => void) | undefined;

  /** Ends the current wait, or the next one. */
  signal(): void {
    this.#signalled = true;
    this.#resume?.();
  }

  /** Resolves when signalled, at the latest after `ms` milliseconds; true when it was a signal. */
  async wait(ms: number): Promise<boolean> {
    if (!this.#signalled) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#resume = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const signalled = this.#signalled;
    this.#resume = undefined;
    this.#signalled = false;
    return signalled;
  }
}
