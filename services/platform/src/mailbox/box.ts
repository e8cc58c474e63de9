import { Lanes } from "./lanes.js";
import { SharedLook } from "./shared-look.js";

/** A stream's state after its version. */
export interface Snapshot<State> {
  readonly state: State;
  /** Version of the last event; 0 for a stream that does not exist. */
  readonly version: number;
}

/** What one process has of one stream: the commands that wait for it, and the newest it knows of it. */
export class Box<State, Letter> {
  readonly lanes: Lanes<Letter>;
  readonly looks = new SharedLook<Snapshot<State>>();
  running = false;
  #known: Snapshot<State> | undefined;

  constructor(capacity: number) {
    this.lanes = new Lanes(capacity);
  }

  /** The newest this process has seen; undefined before it has looked. It was so once, whatever has failed since. */
  get known(): Snapshot<State> | undefined {
    return this.#known;
  }

  /** Keeps the newer knowledge, and returns it: a slow read must not take back what an append has taught. */
  learn(seen: Snapshot<State>): Snapshot<State> {
    if (this.#known === undefined || seen.version >= this.#known.version) this.#known = seen;
    return this.#known;
  }
}
