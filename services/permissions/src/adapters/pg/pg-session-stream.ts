import { InterlockError } from "#platform/errors/interlock-error.js";
import type { EventStore } from "#platform/event-store/event-store.js";
import type { Decider } from "#platform/mailbox/decider.js";
import { type DecidedGroup, Mailbox } from "#platform/mailbox/mailbox.js";
import type { CommandOrigin, CommandResult, SessionStream, StreamPosition } from "../../application/session-stream.js";
import { decide } from "../../domain/decide.js";
import { evolve } from "../../domain/evolve.js";
import { parseSessionEvent } from "../../domain/parse-event.js";
import type { SessionCommand } from "../../domain/session-command.js";
import type { SessionEvent } from "../../domain/session-events.js";
import { isSession, type SessionState } from "../../domain/session-state.js";
import type { PgSessionIndex } from "./pg-session-index.js";

/** Most commands that may wait for one stream. */
const QUEUE = 10_000;
/** Streams remembered while nothing waits for them. */
const KEPT = 5_000;

const SESSION: Decider<SessionState, SessionCommand, SessionEvent> = {
  initial: { phase: "none" },
  decide: (state, command) => {
    const decision = decide(state, command);
    if (decision.kind === "events") return decision.events;
    throw new InterlockError(decision.code, decision.message, { details: decision.details });
  },
  evolve,
};

/** Session streams in the event store, one mailbox per stream; any number of processes may serve the same streams at once. */
export class PgSessionStream implements SessionStream {
  readonly #mailbox: Mailbox<SessionState, SessionCommand, SessionEvent>;

  constructor(
    private readonly store: EventStore,
    private readonly index: PgSessionIndex,
  ) {
    this.#mailbox = new Mailbox({
      store,
      decider: SESSION,
      toNew: (event) => event,
      fromStored: parseSessionEvent,
      append: (group) => this.write(group),
      capacity: QUEUE,
      kept: KEPT,
    });
  }

  load(sessionId: string): Promise<StreamPosition> {
    return this.#mailbox.load(streamOf(sessionId));
  }

  lastSeen(sessionId: string): StreamPosition | undefined {
    return this.#mailbox.lastSeen(streamOf(sessionId));
  }

  run(
    sessionId: string,
    command: SessionCommand,
    { actor, correlationId, partitionKey }: CommandOrigin,
    options?: { readonly urgent?: boolean },
  ): Promise<CommandResult> {
    return this.#mailbox.send(streamOf(sessionId), command, { actor, correlationId, partitionKey, subject: sessionId }, options);
  }

  /** What lists are made of is written with the event that changes it; a USE changes nothing of it. */
  private async write({ stream, expectedVersion, entries, events, after }: DecidedGroup<SessionState, SessionEvent>): Promise<void> {
    const { state, version } = after;
    if (!isSession(state) || events.every(({ type }) => type.startsWith("session.use."))) {
      await this.store.appendGroup(stream, expectedVersion, entries);
      return;
    }
    await this.store.withTransaction(async (tx) => {
      await this.store.appendGroup(stream, expectedVersion, entries, tx);
      await this.index.write(tx, state, version);
    });
  }
}

/** Name of a session's stream. */
export function streamOf(sessionId: string): string {
  return `session-${sessionId}`;
}
