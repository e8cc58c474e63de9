import type pg from "pg";
import { withClient } from "../database/with-client.js";
import type { EventLog } from "../event-log/event-log.js";
import type { LogHead } from "./log-lease.js";
import { LogReader } from "./log-reader.js";
import { type LogStatements, logStatements } from "./log-statements.js";
import { staleTerm } from "./log-writer.js";

export interface LogPublisherOptions {
  readonly schema: string;
  readonly eventLog: EventLog;
  /** Topic of all events of this log. */
  readonly topic: string;
  /** Most events in one publish; defaults to 500. */
  readonly batch?: number;
  readonly onStep?: ((step: PublisherStep) => Promise<void> | void) | undefined;
}

export type PublisherStep = "published" | "recorded";

/** Publishes the stored bytes in the order of their positions. A crash between publishing and recording it publishes again. */
export class LogPublisher {
  readonly #statements: LogStatements;
  readonly #reader: LogReader;
  #published: bigint;

  constructor(
    private readonly pool: pg.Pool,
    private readonly head: LogHead,
    private readonly options: LogPublisherOptions,
  ) {
    this.#statements = logStatements(options.schema);
    this.#reader = new LogReader(pool, options.schema);
    this.#published = head.published;
  }

  /** Last position known to be on the event log. */
  get published(): bigint {
    return this.#published;
  }

  /**
   * Publishes one batch.
   * @returns how many events were published; 0 when the log is up to date
   * @throws InterlockError STALE_TERM when another leader has taken over; what the event log throws while it is away
   */
  async publishBatch(): Promise<number> {
    const entries = await this.#reader.read(this.#published, this.options.batch ?? 500);
    const last = entries.at(-1);
    if (last === undefined) return 0;
    const records = entries.map(({ partitionKey, bytes, headers }) => ({ key: partitionKey, value: bytes, headers }));
    await this.options.eventLog.publish(this.options.topic, records);
    await this.options.onStep?.("published");
    await this.#record(last.position);
    await this.options.onStep?.("recorded");
    return entries.length;
  }

  async #record(position: bigint): Promise<void> {
    const values = [this.head.term, this.#published, position].map(String);
    const { rowCount } = await withClient(this.pool, (client) => client.query({ ...this.#statements.published, values }));
    if (rowCount === 0) throw staleTerm(this.options.schema, this.head.term);
    this.#published = position;
  }
}
