import type pg from "pg";
import { ping } from "../../database/ping.js";
import { withClient } from "../../database/with-client.js";
import type { Random } from "../../kernel/random.js";
import type { EventLog, LogRecord, ReadOptions, ReceivedRecord, SubscribeOptions, Subscription } from "../event-log.js";
import { partitionOf } from "../partition-of.js";
import { GroupMember } from "./group-member.js";
import { NotificationListener } from "./notification-listener.js";
import { type EventLogStatements, eventLogStatements } from "./statements.js";

export interface PostgresEventLogOptions {
  readonly pool: pg.Pool;
  readonly random: Random;
  /** Schema of the log; defaults to `eventlog`. */
  readonly schema?: string;
  /** Partitions of a topic that does not exist yet; never changed afterwards. Defaults to 6. */
  readonly partitions?: (topic: string) => number;
  /** Longest time in milliseconds until a record is noticed when its notification is lost; defaults to 500. */
  readonly pollMs?: number;
  /** Least time in milliseconds between two small batches of one partition; defaults to 100. A first record never waits. */
  readonly restMs?: number;
  /** How long in milliseconds a member that is gone keeps its partitions; defaults to 10,000. */
  readonly leaseMs?: number;
  readonly onError?: (error: unknown) => void;
}

interface RecordRow {
  readonly offset: string;
  readonly key: string;
  readonly headers: Record<string, string>;
  readonly value: string;
}

/** The event log served by Postgres: the embedded default. */
export class PostgresEventLog implements EventLog {
  readonly #statements: EventLogStatements;
  readonly #listener: NotificationListener;
  readonly #partitions = new Map<string, Promise<number>>();
  readonly #members = new Set<GroupMember>();

  constructor(private readonly options: PostgresEventLogOptions) {
    const schema = options.schema ?? "eventlog";
    this.#statements = eventLogStatements(schema);
    this.#listener = new NotificationListener(options.pool, `${schema}_published`, options.random);
  }

  async publish(topic: string, records: readonly LogRecord[]): Promise<void> {
    if (records.length === 0) return;
    const partitions = await this.partitionCount(topic);
    const sizes = records.map(({ value }) => value.length);
    let end = 1;
    const starts = sizes.map((size) => {
      end += size;
      return end - size;
    });
    const chosen = records.map(({ key }) => partitionOf(key, partitions));
    const values = [
      topic,
      chosen,
      records.map(({ key }) => key),
      records.map(({ headers }) => JSON.stringify(headers)),
      starts,
      sizes,
      Buffer.concat(records.map(({ value }) => value)),
    ];
    await withClient(this.options.pool, async (client) => {
      await client.query({ ...this.#statements.publish, values });
      // Not inside the publishing transaction: a pending notification makes its commit take a lock of the whole server.
      await client.query("SELECT pg_notify($1, $2)", [this.#listener.channel, announcement(topic, chosen)]);
    });
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    const member = new GroupMember({
      ...options,
      pool: this.options.pool,
      random: this.options.random,
      statements: this.#statements,
      pollMs: this.options.pollMs ?? 500,
      restMs: this.options.restMs ?? 100,
      leaseMs: this.options.leaseMs ?? 10_000,
      onError: this.options.onError ?? (() => undefined),
      prepare: async (topic) => {
        await this.partitionCount(topic);
      },
      read: (read) => this.read(read),
    });
    this.#members.add(member);
    const silence = this.#listener.listen((payload) => member.wake(announced(payload)));
    member.start();
    return {
      assignments: () => member.assignments(),
      stop: async () => {
        silence();
        this.#members.delete(member);
        await member.stop();
      },
    };
  }

  async read({ topic, partition, fromOffset, limit }: ReadOptions): Promise<ReceivedRecord[]> {
    const query = { ...this.#statements.read, values: [topic, partition, fromOffset.toString(), limit] };
    const { rows } = await withClient(this.options.pool, (client) => client.query<RecordRow>(query));
    return rows.map(({ offset, key, headers, value }) => ({
      topic,
      partition,
      offset: BigInt(offset),
      key,
      headers,
      value: Buffer.from(value, "base64"),
    }));
  }

  async ends(topic: string): Promise<readonly bigint[]> {
    await this.partitionCount(topic);
    const query = { ...this.#statements.ends, values: [topic] };
    const { rows } = await withClient(this.options.pool, (client) => client.query<{ next_offset: string }>(query));
    return rows.map(({ next_offset: end }) => BigInt(end));
  }

  async healthy(): Promise<boolean> {
    try {
      await ping(this.options.pool);
      return true;
    } catch {
      return false;
    }
  }

  /** Stops every subscription; the pool stays with its owner. */
  async close(): Promise<void> {
    await Promise.all([...this.#members].map((member) => member.stop()));
    this.#members.clear();
    await this.#listener.close();
  }

  /** How many partitions `topic` has; the topic is made when there is none. */
  partitionCount(topic: string): Promise<number> {
    const known = this.#partitions.get(topic);
    if (known !== undefined) return known;
    const asked = this.#createTopic(topic);
    this.#partitions.set(topic, asked);
    asked.catch(() => this.#partitions.delete(topic));
    return asked;
  }

  #createTopic(topic: string): Promise<number> {
    const wanted = this.options.partitions?.(topic) ?? 6;
    return withClient(this.options.pool, async (client) => {
      await client.query({ ...this.#statements.createPartitions, values: [topic, wanted] });
      return (await client.query({ ...this.#statements.partitions, values: [topic] })).rows.length;
    });
  }
}

/** What a notification says: the topic, and the partitions that have new records. */
function announcement(topic: string, partitions: readonly number[]): string {
  return `${topic}/${[...new Set(partitions)].join(",")}`;
}

/** Names of the partitions in a notification, `topic/partition`; undefined for the one that only says that the listener is connected. */
function announced(payload: string): string[] | undefined {
  const slash = payload.lastIndexOf("/");
  if (slash < 0) return undefined;
  const topic = payload.slice(0, slash);
  return payload
    .slice(slash + 1)
    .split(",")
    .map((partition) => `${topic}/${partition}`);
}
