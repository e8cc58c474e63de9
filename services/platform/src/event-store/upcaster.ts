import type { JsonObject } from "../kernel/json.js";
import type { NewEvent } from "./types.js";

/** One step from a version of an event to the next: pure, and defined for every event of its type ever stored. */
export interface Upcast {
  readonly from: string;
  readonly to: string;
  readonly apply: (data: JsonObject) => JsonObject;
}

/** Turns stored events into their newest version. Types it does not know are carried as they are. */
export class UpcasterRegistry {
  readonly #steps = new Map<string, Upcast>();

  /** @throws RangeError when two steps begin at one type, or the steps form a circle */
  constructor(upcasts: readonly Upcast[] = []) {
    for (const step of upcasts) {
      if (this.#steps.has(step.from)) throw new RangeError(`two upcasts begin at ${step.from}`);
      this.#steps.set(step.from, step);
    }
    for (const step of upcasts) this.#refuseCircle(step.from);
  }

  /** The newest version of `event`; everything but type and data is kept. */
  upcast<E extends NewEvent>(event: E): E {
    let current = event;
    for (let step = this.#steps.get(current.type); step !== undefined; step = this.#steps.get(current.type)) {
      current = { ...current, type: step.to, data: step.apply(current.data) };
    }
    return current;
  }

  #refuseCircle(start: string): void {
    const seen = new Set([start]);
    for (let step = this.#steps.get(start); step !== undefined; step = this.#steps.get(step.to)) {
      if (seen.has(step.to)) throw new RangeError(`the upcasts from ${start} form a circle at ${step.to}`);
      seen.add(step.to);
    }
  }
}
