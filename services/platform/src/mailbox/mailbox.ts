import { InterlockError } from "../errors/interlock-error.js";
import type { EventStore, GroupEntry } from "../event-store/event-store.js";
import { traced } from "../event-store/traced.js";
import type { AppendMetadata, NewEvent, StoredEvent } from "../event-store/types.js";
import { WrongExpectedVersion } from "../event-store/wrong-expected-version.js";
import type { Decider } from "./decider.js";
import { Lanes } from "./lanes.js";

export interface MailboxOptions<State, Command, Event> {
  readonly store: EventStore;
  readonly decider: Decider<State, Command, Event>;
  readonly toNew: (event: Event) => NewEvent;
  readonly fromStored: (event: StoredEvent) => Event;
  /** Most commands that may wait per stream; defaults to 1,000. */
  readonly capacity?: number;
  /** Most commands of one append; defaults to 256. */
  readonly group?: number;
  /** Streams whose state is kept in memory; defaults to 10,000. */
  readonly kept?: number;
}

export interface Outcome<State, Event> {
  readonly events: readonly Event[];
  /** State and version of the stream right after this command. */
  readonly state: State;
  readonly version: number;
}

interface Letter<State, Command, Event> {
  readonly command: Command;
  readonly metadata: AppendMetadata;
  readonly resolve: (outcome: Outcome<State, Event>) => void;
  readonly reject: (error: unknown) => void;
}

interface Snapshot<State> {
  readonly state: State;
  readonly version: number;
}

interface Box<State, Command, Event> {
  readonly lanes: Lanes<Letter<State, Command, Event>>;
  snapshot: Snapshot<State> | undefined;
  running: boolean;
}

/** Rounds of "somebody else was faster" before a caller is told; each round makes progress for somebody. */
const MAX_ROUNDS = 20;

/**
 * One mailbox per stream: commands that arrive while an append is under way are decided in memory and appended together, so a hot stream
 * costs one commit per group instead of one retry loop per command. The expected version is still checked in SQL: other replicas are safe.
 */
export class Mailbox<State, Command, Event> {
  readonly #boxes = new Map<string, Box<State, Command, Event>>();

  constructor(private readonly options: MailboxOptions<State, Command, Event>) {}

  /**
   * Decides `command` on `stream` and resolves once its events are committed.
   * @throws what the decider throws; RESOURCE_EXHAUSTED when the queue is full; DEPENDENCY_UNAVAILABLE when the store is away
   */
  send(
    stream: string,
    command: Command,
    metadata: AppendMetadata,
    { urgent = false }: { readonly urgent?: boolean } = {},
  ): Promise<Outcome<State, Event>> {
    return new Promise((resolve, reject) => {
      const box = this.#box(stream);
      // The append may run in the context of another command: the trace is taken here.
      box.lanes.push({ command, metadata: traced(metadata), resolve, reject }, urgent);
      if (!box.running) void this.#drain(stream, box);
    });
  }

  #box(stream: string): Box<State, Command, Event> {
    const found = this.#boxes.get(stream);
    // The map keeps insertion order: what is used moves to the end, what is at the front was not used for longest.
    this.#boxes.delete(stream);
    const box = found ?? { lanes: new Lanes(this.options.capacity ?? 1_000), snapshot: undefined, running: false };
    this.#boxes.set(stream, box);
    if (this.#boxes.size > (this.options.kept ?? 10_000)) this.#forgetOldest();
    return box;
  }

  #forgetOldest(): void {
    for (const [stream, box] of this.#boxes) {
      if (box.running || box.lanes.size > 0) continue;
      this.#boxes.delete(stream);
      return;
    }
  }

  async #drain(stream: string, box: Box<State, Command, Event>): Promise<void> {
    box.running = true;
    while (box.lanes.size > 0) {
      const letters = box.lanes.take(this.options.group ?? 256);
      try {
        await this.#handle(stream, box, letters);
      } catch (error) {
        box.snapshot = undefined;
        await this.#oneByOne(stream, box, letters, error);
      }
    }
    box.running = false;
  }

  /** One command with an event that cannot be stored must not fail those it shares an append with. */
  async #oneByOne(
    stream: string,
    box: Box<State, Command, Event>,
    letters: readonly Letter<State, Command, Event>[],
    cause: unknown,
  ): Promise<void> {
    const curable = letters.length > 1 && cause instanceof InterlockError && cause.code === "VALIDATION_FAILED";
    for (const letter of letters) {
      if (!curable) letter.reject(cause);
      else {
        await this.#handle(stream, box, [letter]).catch((error: unknown) => {
          box.snapshot = undefined;
          letter.reject(error);
        });
      }
    }
  }

  async #handle(stream: string, box: Box<State, Command, Event>, letters: readonly Letter<State, Command, Event>[]): Promise<void> {
    let checked = box.snapshot === undefined;
    for (let round = 1; ; round++) {
      const start = checked ? await this.#load(stream, box.snapshot) : (box.snapshot ?? (await this.#load(stream)));
      box.snapshot = start;
      const { settle, entries, snapshot } = this.#decide(start, letters);
      // An append proves that the state was current; refusals and repeats alone have to look, as another replica may have moved on.
      if (entries.length === 0 && !checked) {
        checked = true;
        continue;
      }
      try {
        await this.options.store.appendGroup(stream, start.version, entries);
        box.snapshot = snapshot;
        for (const tell of settle) tell();
        return;
      } catch (error) {
        if (!(error instanceof WrongExpectedVersion) || round === MAX_ROUNDS) throw error;
        checked = true;
      }
    }
  }

  /** Decides in order, each on the state its predecessors leave. Nobody is told before the append. */
  #decide(start: Snapshot<State>, letters: readonly Letter<State, Command, Event>[]) {
    const { decider, toNew } = this.options;
    const entries: GroupEntry[] = [];
    const settle: (() => void)[] = [];
    let { state, version } = start;
    for (const { command, metadata, resolve, reject } of letters) {
      try {
        const events = decider.decide(state, command);
        for (const event of events) {
          entries.push({ event: toNew(event), metadata });
          state = decider.evolve(state, event);
        }
        version += events.length;
        const outcome = { events, state, version };
        settle.push(() => resolve(outcome));
      } catch (error) {
        settle.push(() => reject(error));
      }
    }
    return { entries, settle, snapshot: { state, version } };
  }

  /** The stream as the store has it; only what is newer than `known` is read. */
  async #load(stream: string, known?: Snapshot<State>): Promise<Snapshot<State>> {
    const { decider, fromStored, store } = this.options;
    const from = known ?? { state: decider.initial, version: 0 };
    const events = await store.read(stream, from.version + 1);
    const state = events.reduce((seen, event) => decider.evolve(seen, fromStored(event)), from.state);
    return { state, version: events.at(-1)?.version ?? from.version };
  }
}
