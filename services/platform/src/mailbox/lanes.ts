import { InterlockError } from "../errors/interlock-error.js";

/** A bounded queue with a fast lane for what must not wait, such as DISARM; the fast lane is never full. */
export class Lanes<T> {
  readonly #urgent: T[] = [];
  #normal: T[] = [];

  /** @param capacity most items that may wait in the normal lane */
  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.#urgent.length + this.#normal.length;
  }

  /** @throws InterlockError RESOURCE_EXHAUSTED when the normal lane is full */
  push(item: T, urgent: boolean): void {
    if (urgent) this.#urgent.push(item);
    else if (this.#normal.length < this.capacity) this.#normal.push(item);
    else throw new InterlockError("RESOURCE_EXHAUSTED", "too many commands wait for this stream", { details: { waiting: this.capacity } });
  }

  /** Up to `limit` items, urgent ones first. */
  take(limit: number): T[] {
    const urgent = this.#urgent.splice(0, limit);
    const normal = this.#normal.slice(0, limit - urgent.length);
    this.#normal = this.#normal.slice(normal.length);
    return [...urgent, ...normal];
  }
}
