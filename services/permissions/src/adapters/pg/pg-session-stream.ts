import { hasCode, InterlockError } from "#platform/errors/interlock-error.js";
import type { EventStore, GroupEntry } from "#platform/event-store/event-store.js";
import { runDetached } from "#platform/grpc/request-context.js";
import { traceHeaders } from "#platform/telemetry/propagation.js";
import type { CommandOrigin, CommandResult, SessionStream, StreamPosition } from "../../application/session-stream.js";
import { evolve } from "../../domain/evolve.js";
import { parseSessionEvent } from "../../domain/parse-event.js";
import type { SessionCommand } from "../../domain/session-command.js";
import { isSession } from "../../domain/session-state.js";
import { type DecidedGroup, decideGroup } from "./decide-group.js";
import { type Job, Lane } from "./lane.js";
import type { PgSessionIndex } from "./pg-session-index.js";

/** Most commands that may wait for one stream. */
const QUEUE = 10_000;
/** Streams remembered while nothing waits for them. */
const LANES = 5_000;
/** How often a group is decided anew because its knowledge was old or another process appended first. */
const ATTEMPTS = 100;

/**
 * Session streams in the event store, one mailbox per stream: commands that arrive while an append is under way are decided in memory
 * and appended together. Each group is decided on the stream as the database has it, and the expected version is checked in SQL, so any
 * number of processes may do this at once.
 */
export class PgSessionStream implements SessionStream {
  readonly #lanes = new Map<string, Lane>();

  constructor(
    private readonly store: EventStore,
    private readonly index: PgSessionIndex,
  ) {}

  load(sessionId: string): Promise<StreamPosition> {
    const lane = this.lane(sessionId);
    return lane.look(() => this.refresh(sessionId, lane));
  }

  lastSeen(sessionId: string): StreamPosition | undefined {
    return this.#lanes.get(sessionId)?.known;
  }

  run(
    sessionId: string,
    command: SessionCommand,
    origin: CommandOrigin,
    { urgent = false }: { readonly urgent?: boolean } = {},
  ): Promise<CommandResult> {
    const lane = this.lane(sessionId);
    if (!urgent && lane.length >= QUEUE) {
      return Promise.reject(
        new InterlockError("RESOURCE_EXHAUSTED", "too many commands wait for this session", { details: { sessionId } }),
      );
    }
    return new Promise((resolve, reject) => {
      lane.push({ command, origin, traceparent: traceHeaders().traceparent, resolve, reject }, urgent);
      // A group carries commands of many callers: none of their deadlines may cut it.
      if (!lane.running) runDetached(() => void this.drain(sessionId, lane));
    });
  }

  private async drain(sessionId: string, lane: Lane): Promise<void> {
    lane.running = true;
    for (let jobs = lane.take(); jobs.length > 0; jobs = lane.take()) await this.commit(sessionId, lane, jobs);
    lane.running = false;
  }

  private async commit(sessionId: string, lane: Lane, jobs: readonly Job[]): Promise<void> {
    try {
      const { outcomes } = await this.append(sessionId, lane, jobs);
      for (const { job, result } of outcomes) {
        if (result instanceof InterlockError) job.reject(result);
        else job.resolve(result);
      }
    } catch (error) {
      // What one command brought must not fail its neighbours.
      if (jobs.length > 1 && hasCode(error, "VALIDATION_FAILED")) {
        for (const job of jobs) await this.commit(sessionId, lane, [job]);
        return;
      }
      for (const job of jobs) job.reject(error);
    }
  }

  private async append(sessionId: string, lane: Lane, jobs: readonly Job[]): Promise<DecidedGroup> {
    // An append proves that what was known is current; a refusal or a repeat proves nothing, so those look at the stream first.
    for (let [attempt, look] = [1, lane.known.version === 0]; ; attempt += 1, look = true) {
      const from = look ? await this.refresh(sessionId, lane) : lane.known;
      const group = decideGroup(from, jobs);
      if (!look && group.outcomes.some(({ result }) => result instanceof InterlockError || result.events.length === 0)) continue;
      if (group.entries.length === 0) return group;
      try {
        await this.write(sessionId, from.version, group);
        lane.learn(group.after);
        return group;
      } catch (error) {
        if (!hasCode(error, "WRONG_EXPECTED_VERSION") || attempt === ATTEMPTS) throw error;
      }
    }
  }

  private async write(sessionId: string, expectedVersion: number, { entries, after }: DecidedGroup): Promise<void> {
    const stream = streamOf(sessionId);
    const group: GroupEntry[] = entries.map(({ event, job: { origin, traceparent } }) => ({
      event,
      metadata: { ...origin, subject: sessionId, ...(traceparent === undefined ? {} : { traceparent }) },
    }));
    const { state, version } = after;
    if (!isSession(state) || entries.every(({ event }) => event.type.startsWith("session.use."))) {
      await this.store.appendGroup(stream, expectedVersion, group);
      return;
    }
    await this.store.withTransaction(async (tx) => {
      await this.store.appendGroup(stream, expectedVersion, group, tx);
      await this.index.write(tx, state, version);
    });
  }

  private async refresh(sessionId: string, lane: Lane): Promise<StreamPosition> {
    let { state, version } = lane.known;
    for (const stored of await this.store.read(streamOf(sessionId), version + 1)) {
      const event = parseSessionEvent(stored);
      if (event !== undefined) state = evolve(state, event);
      version = stored.version;
    }
    lane.learn({ state, version });
    return version >= lane.known.version ? { state, version } : lane.known;
  }

  private lane(sessionId: string): Lane {
    const lane = this.#lanes.get(sessionId) ?? new Lane();
    this.#lanes.delete(sessionId);
    this.#lanes.set(sessionId, lane);
    if (this.#lanes.size > LANES) this.forgetIdle();
    return lane;
  }

  /** Drops the longest unused lanes nobody waits for; a stream without a lane is simply read again. */
  private forgetIdle(): void {
    for (const [sessionId, lane] of this.#lanes) {
      if (this.#lanes.size <= LANES) return;
      if (!lane.running && lane.length === 0) this.#lanes.delete(sessionId);
    }
  }
}

/** Name of a session's stream. */
export function streamOf(sessionId: string): string {
  return `session-${sessionId}`;
}
