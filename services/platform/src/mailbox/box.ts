import { runDetached } from "../grpc/request-context.js";
import { Lanes } from "./lanes.js";

/** A stream's state after its version. */
export interface Snapshot<State> {
  readonly state: State;
  /** Version of the last event; 0 for a stream that does not exist. */
  readonly version: number;
}

/** What one process has of one stream: the commands that wait for it, and the newest it knows of it. */
export class Box<State, Letter> {
  readonly lanes: Lanes<Letter>;
  running = false;
  #known: Snapshot<State> | undefined;
  #looking: Promise<Snapshot<State>> | undefined;
  #next: Promise<Snapshot<State>> | undefined;

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

  /**
   * The stream as it stood at some moment after this call. Callers that come while a look is under way share the next one: the one that
   * began before they asked may have missed what they want to see.
   */
  look(read: () => Promise<Snapshot<State>>): Promise<Snapshot<State>> {
    if (this.#looking === undefined) return this.#begin(read);
    this.#next ??= this.#looking.then(
      () => this.#begin(read),
      () => this.#begin(read),
    );
    return this.#next;
  }

  #begin(read: () => Promise<Snapshot<State>>): Promise<Snapshot<State>> {
    this.#next = undefined;
    // Shared by many callers: none of their deadlines may cut it.
    const looking = runDetached(read).finally(() => {
      if (this.#looking === looking) this.#looking = undefined;
    });
    this.#looking = looking;
    return looking;
  }
}
