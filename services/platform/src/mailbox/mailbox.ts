import { hasCode } from "../errors/interlock-error.js";
import type { EventStore, GroupEntry } from "../event-store/event-store.js";
import { traced } from "../event-store/traced.js";
import type { AppendMetadata, NewEvent, StoredEvent } from "../event-store/types.js";
import { WrongExpectedVersion } from "../event-store/wrong-expected-version.js";
import { runDetached } from "../grpc/request-context.js";
import { Box, type Snapshot } from "./box.js";
import type { Decider } from "./decider.js";

/** What a group of commands comes to. */
export interface DecidedGroup<State, Event> {
  readonly stream: string;
  readonly expectedVersion: number;
  readonly entries: readonly GroupEntry[];
  /** The same events as the decider gave them. */
  readonly events: readonly Event[];
  /** The stream once they are stored. */
  readonly after: Snapshot<State>;
}

export interface MailboxOptions<State, Command, Event> {
  readonly store: EventStore;
  readonly decider: Decider<State, Command, Event>;
  readonly toNew: (event: Event) => NewEvent;
  /** Undefined for a type this version does not know: it is carried, and changes nothing. */
  readonly fromStored: (event: StoredEvent) => Event | undefined;
  /** Stores a group, for services that write more in the append's transaction; defaults to the append alone. */
  readonly append?: (group: DecidedGroup<State, Event>) => Promise<unknown>;
  /** Most commands that may wait per stream; defaults to 1,000. */
  readonly capacity?: number;
  /** Most commands of one append; defaults to 256. */
  readonly group?: number;
  /** Streams whose state is kept in memory; defaults to 10,000. */
  readonly kept?: number;
}

export interface Outcome<State, Event> extends Snapshot<State> {
  /** Events of this command; state and version are the stream's right after them. */
  readonly events: readonly Event[];
}

interface Letter<State, Command, Event> {
  readonly command: Command;
  readonly metadata: AppendMetadata;
  readonly resolve: (outcome: Outcome<State, Event>) => void;
  readonly reject: (error: unknown) => void;
}

/** Rounds of "somebody else was faster" before a caller is told; each round makes progress for somebody. */
const MAX_ROUNDS = 100;

/**
 * One mailbox per stream: commands that arrive while an append is under way are decided in memory and appended together, so a hot stream
 * costs one commit per group instead of one retry loop per command. The expected version is still checked in SQL: other replicas are safe.
 */
export class Mailbox<State, Command, Event> {
  readonly #boxes = new Map<string, Box<State, Letter<State, Command, Event>>>();

  constructor(private readonly options: MailboxOptions<State, Command, Event>) {}

  /**
   * Decides `command` on `stream` and resolves once its events are committed. `urgent` commands overtake those that wait.
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
      // A group carries commands of many callers: none of their deadlines may cut it.
      if (!box.running) runDetached(() => void this.#drain(stream, box));
    });
  }

  /** The stream as the store has it now. @throws InterlockError DEPENDENCY_UNAVAILABLE when the store is away */
  load(stream: string): Promise<Snapshot<State>> {
    const box = this.#box(stream);
    return box.looks.look(() => this.#refresh(stream, box));
  }

  /** The stream as this process saw it last, with no look at the store; undefined when it has not, or has forgotten. */
  lastSeen(stream: string): Snapshot<State> | undefined {
    return this.#boxes.get(stream)?.known;
  }

  #box(stream: string): Box<State, Letter<State, Command, Event>> {
    const found = this.#boxes.get(stream);
    // The map keeps insertion order: what is used moves to the end, what is at the front was not used for longest.
    this.#boxes.delete(stream);
    const box = found ?? new Box(this.options.capacity ?? 1_000);
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

  async #drain(stream: string, box: Box<State, Letter<State, Command, Event>>): Promise<void> {
    box.running = true;
    while (box.lanes.size > 0) await this.#settle(stream, box, box.lanes.take(this.options.group ?? 256));
    box.running = false;
  }

  async #settle(
    stream: string,
    box: Box<State, Letter<State, Command, Event>>,
    letters: readonly Letter<State, Command, Event>[],
  ): Promise<void> {
    try {
      await this.#handle(stream, box, letters);
    } catch (error) {
      // One command with an event that cannot be stored must not fail those it shares an append with.
      if (letters.length > 1 && hasCode(error, "VALIDATION_FAILED"))
        for (const letter of letters) await this.#settle(stream, box, [letter]);
      else for (const letter of letters) letter.reject(error);
    }
  }

  async #handle(
    stream: string,
    box: Box<State, Letter<State, Command, Event>>,
    letters: readonly Letter<State, Command, Event>[],
  ): Promise<void> {
    let checked = box.known === undefined;
    for (let round = 1; ; round++) {
      const start = box.known === undefined || checked ? await this.#refresh(stream, box) : box.known;
      const { settle, ...group } = this.#decide(stream, start, letters);
      // An append proves that the state was current; refusals and repeats alone have to look, as another replica may have moved on.
      if (group.entries.length === 0 && !checked) {
        checked = true;
        continue;
      }
      try {
        await this.#append(group);
        box.learn(group.after);
        for (const tell of settle) tell();
        return;
      } catch (error) {
        if (!(error instanceof WrongExpectedVersion) || round === MAX_ROUNDS) throw error;
        checked = true;
      }
    }
  }

  async #append(group: DecidedGroup<State, Event>): Promise<void> {
    if (group.entries.length === 0) return;
    if (this.options.append === undefined) await this.options.store.appendGroup(group.stream, group.expectedVersion, group.entries);
    else await this.options.append(group);
  }

  /** Decides in order, each on the state its predecessors leave. Nobody is told before the append. */
  #decide(
    stream: string,
    start: Snapshot<State>,
    letters: readonly Letter<State, Command, Event>[],
  ): DecidedGroup<State, Event> & { readonly settle: readonly (() => void)[] } {
    const { decider, toNew } = this.options;
    const entries: GroupEntry[] = [];
    const all: Event[] = [];
    const settle: (() => void)[] = [];
    let { state, version } = start;
    for (const { command, metadata, resolve, reject } of letters) {
      try {
        const events = decider.decide(state, command);
        for (const event of events) {
          entries.push({ event: toNew(event), metadata });
          state = decider.evolve(state, event);
        }
        all.push(...events);
        version += events.length;
        const outcome = { events, state, version };
        settle.push(() => resolve(outcome));
      } catch (error) {
        settle.push(() => reject(error));
      }
    }
    return { stream, expectedVersion: start.version, entries, events: all, after: { state, version }, settle };
  }

  /** The stream as the store has it; only what is newer than what is known is read. */
  async #refresh(stream: string, box: Box<State, Letter<State, Command, Event>>): Promise<Snapshot<State>> {
    const { decider, fromStored, store } = this.options;
    let { state, version } = box.known ?? { state: decider.initial, version: 0 };
    for (const stored of await store.read(stream, version + 1)) {
      const event = fromStored(stored);
      if (event !== undefined) state = decider.evolve(state, event);
      version = stored.version;
    }
    return box.learn({ state, version });
  }
}
