import { runDetached } from "../grpc/request-context.js";

/**
 * Looks at something that changes, for many callers: each sees it as it stood at some moment after the call. Callers that come while a
 * look is under way share the next one, for the one that began before they asked may have missed what they want to see.
 */
export class SharedLook<T> {
  #looking: Promise<T> | undefined;
  #next: Promise<T> | undefined;

  /** @param read not bound to the caller's request: none of their deadlines may cut what others wait for */
  look(read: () => Promise<T>): Promise<T> {
    if (this.#looking === undefined) return this.#begin(read);
    this.#next ??= this.#looking.then(
      () => this.#begin(read),
      () => this.#begin(read),
    );
    return this.#next;
  }

  /** True while nobody waits. */
  get idle(): boolean {
    return this.#looking === undefined && this.#next === undefined;
  }

  #begin(read: () => Promise<T>): Promise<T> {
    this.#next = undefined;
    const looking = runDetached(read).finally(() => {
      if (this.#looking === looking) this.#looking = undefined;
    });
    this.#looking = looking;
    return looking;
  }
}
