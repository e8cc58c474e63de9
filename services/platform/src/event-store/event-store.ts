import type pg from "pg";
import { errorCodeOf, isUniqueViolation } from "../database/database-error.js";
import { withClient, withTransaction } from "../database/with-client.js";
import type { Clock } from "../kernel/clock.js";
import type { IdFactory } from "../kernel/ids.js";
import { checkedData, unstorableText } from "./check-event.js";
import { type EventStoreStatements, eventStoreStatements } from "./statements.js";
import { type EventRow, toStoredEvent } from "./stored-event.js";
import { traced } from "./traced.js";
import type { AppendMetadata, NewEvent, StoredEvent } from "./types.js";
import { WrongExpectedVersion } from "./wrong-expected-version.js";

export interface EventStoreOptions {
  /** Schema of the owning service; see `eventStoreMigrations`. */
  readonly schema: string;
  readonly clock: Clock;
  readonly ids: IdFactory;
  /** Refuses events that must not get into the log; called before anything is written. */
  readonly check?: ((event: NewEvent) => void) | undefined;
}

export interface AppendResult {
  /** Version of the last event of the append. */
  readonly lastVersion: number;
  readonly eventIds: readonly string[];
}

/** One event of a group append, with what is true of it alone. */
export interface GroupEntry {
  readonly event: NewEvent;
  readonly metadata: AppendMetadata;
}

/** Events for the end of one stream, in an append to several. */
export interface StreamAppend {
  readonly stream: string;
  /** As in `append`. */
  readonly expectedVersion: number;
  readonly events: readonly NewEvent[];
  readonly metadata: AppendMetadata;
}

/** Events of different commands for the end of one stream, in an append to several. */
export interface StreamGroup {
  readonly stream: string;
  /** As in `append`. */
  readonly expectedVersion: number;
  readonly entries: readonly GroupEntry[];
}

/** The source of truth of one service: streams of events in Postgres, appended with a mandatory expected version. */
export class EventStore {
  readonly schema: string;
  readonly #statements: EventStoreStatements;
  readonly #listeners = new Set<() => void>();

  constructor(
    readonly pool: pg.Pool,
    private readonly options: EventStoreOptions,
  ) {
    this.schema = options.schema;
    this.#statements = eventStoreStatements(options.schema);
  }

  /**
   * Adds `events` to the end of `stream`: all of them or none.
   * @param expectedVersion version of the stream's last event as the caller knows it; 0 for a new stream
   * @param tx transaction to join; it has to be rolled back when this rejects
   * @throws WrongExpectedVersion when somebody else appended first
   */
  append(
    stream: string,
    expectedVersion: number,
    events: readonly NewEvent[],
    metadata: AppendMetadata,
    tx?: pg.PoolClient,
  ): Promise<AppendResult> {
    return this.appendGroup(
      stream,
      expectedVersion,
      events.map((event) => ({ event, metadata })),
      tx,
    );
  }

  /** As `append`, for events that different commands caused. */
  async appendGroup(stream: string, expectedVersion: number, entries: readonly GroupEntry[], tx?: pg.PoolClient): Promise<AppendResult> {
    if (entries.length === 0) return { lastVersion: expectedVersion, eventIds: [] };
    const eventIds = entries.map(() => this.options.ids.next());
    const statement = this.#insert(stream, expectedVersion, entries, eventIds);
    const run = (client: pg.PoolClient) => insertOrRefuse(client, statement, entries.length, stream, expectedVersion);
    await (tx === undefined ? withClient(this.pool, run) : run(tx));
    if (tx === undefined) this.#notify();
    return { lastVersion: expectedVersion + entries.length, eventIds };
  }

  /**
   * As `append`, to several streams in one statement: all of them or none. A stream may be named once.
   * @throws WrongExpectedVersion when somebody else appended first to any of them
   */
  async appendEach(appends: readonly StreamAppend[], tx: pg.PoolClient): Promise<void> {
    const groups = appends.map(({ events, metadata, ...where }) => ({ ...where, entries: events.map((event) => ({ event, metadata })) }));
    await this.appendGroups(groups, tx);
  }

  /** As `appendEach`, for events that different commands caused. */
  async appendGroups(groups: readonly StreamGroup[], tx: pg.PoolClient): Promise<void> {
    const { check } = this.options;
    const rows = groups.flatMap(({ stream, expectedVersion, entries }) =>
      entries.map(({ event, metadata }, i) => {
        check?.(event);
        return { stream, base: expectedVersion, version: expectedVersion + i + 1, event, context: JSON.stringify(traced(metadata)) };
      }),
    );
    const [first] = rows;
    if (first === undefined) return;
    const values = [
      rows.map(({ stream }) => stream),
      rows.map(({ base }) => base),
      rows.map(({ version }) => version),
      rows.map(() => this.options.ids.next()),
      rows.map(({ event }) => event.type),
      rows.map(({ event }) => checkedData(event)),
      rows.map(({ context }) => context),
      this.options.clock.now(),
    ];
    await insertOrRefuse(tx, { ...this.#statements.appendEach, values }, rows.length, first.stream, first.base);
  }

  /** The events of `stream` from `fromVersion` on, in order; empty when there are none. */
  async read(stream: string, fromVersion = 1, tx?: pg.PoolClient): Promise<StoredEvent[]> {
    const query = { ...this.#statements.read, values: [stream, fromVersion] };
    const run = async (client: pg.PoolClient) => (await client.query<EventRow>(query)).rows.map(toStoredEvent);
    return tx === undefined ? withClient(this.pool, run) : run(tx);
  }

  /** Runs `fn` in one transaction that appends can join; sequenced once it is committed. */
  async withTransaction<T>(fn: (tx: pg.PoolClient) => Promise<T>): Promise<T> {
    const result = await withTransaction(this.pool, fn);
    this.#notify();
    return result;
  }

  /** Calls `listener` after each commit of this process; returns how to stop that. */
  onCommit(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #insert(stream: string, expectedVersion: number, entries: readonly GroupEntry[], ids: readonly string[]): pg.QueryConfig {
    const { check } = this.options;
    if (check !== undefined) for (const { event } of entries) check(event);
    const now = this.options.clock.now();
    const [first] = entries;
    if (entries.length === 1 && first !== undefined) {
      const { event, metadata } = first;
      const values = [stream, expectedVersion, ids[0], event.type, checkedData(event), JSON.stringify(traced(metadata)), now];
      return { ...this.#statements.appendOne, values };
    }
    const types = entries.map(({ event }) => event.type);
    const data = entries.map(({ event }) => checkedData(event));
    const metadata = entries.map((entry) => JSON.stringify(traced(entry.metadata)));
    return { ...this.#statements.appendMany, values: [stream, expectedVersion, ids, types, data, metadata, now] };
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

async function insertOrRefuse(
  client: pg.PoolClient,
  statement: pg.QueryConfig,
  rows: number,
  stream: string,
  expectedVersion: number,
): Promise<void> {
  try {
    const { rowCount } = await client.query(statement);
    if (rowCount !== rows) throw new WrongExpectedVersion(stream, expectedVersion);
  } catch (error) {
    if (isUniqueViolation(error, "event_pkey")) throw new WrongExpectedVersion(stream, expectedVersion, error);
    const code = errorCodeOf(error);
    if (code === "22P05" || code === "22P02" || code === "22021") throw unstorableText(stream, error);
    throw error;
  }
}
