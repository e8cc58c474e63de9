/** A wait that a signal ends early. A signal that comes while nobody waits ends the next wait at once. */
export class Wakeup {
  #signalled = false;
  #resume: (() => void) | undefined;

  /** Ends the current wait, or the next one. */
  signal(): void {
    this.#signalled = true;
    this.#resume?.();
  }

  /** Resolves when signalled, at the latest after `ms` milliseconds. */
  async wait(ms: number): Promise<void> {
    if (!this.#signalled) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#resume = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#resume = undefined;
    this.#signalled = false;
  }
}
