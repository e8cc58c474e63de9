import { randomUUID } from "node:crypto";
import type pg from "pg";
import { withClient } from "../../database/with-client.js";
import { backoff } from "../../event-store/backoff.js";
import { Wakeup } from "../../event-store/wakeup.js";
import type { Random } from "../../kernel/random.js";
import type { ReadOptions, ReceivedRecord, SubscribeOptions } from "../event-log.js";
import { type PartitionLease, PartitionWorker } from "./partition-worker.js";
import type { EventLogStatements } from "./statements.js";

export interface GroupMemberOptions extends SubscribeOptions {
  readonly pool: pg.Pool;
  readonly random: Random;
  readonly statements: EventLogStatements;
  readonly pollMs: number;
  readonly restMs: number;
  readonly leaseMs: number;
  readonly onError: (error: unknown) => void;
  /** Makes sure that a topic exists. */
  readonly prepare: (topic: string) => Promise<void>;
  readonly read: (options: ReadOptions) => Promise<readonly ReceivedRecord[]>;
}

/**
 * One member of a consumer group. Members agree without talking: each computes the same shares from the list of living members, gives back
 * what is not in its own and claims what is. A partition has one owner at a time, fenced by the lease's term.
 */
export class GroupMember {
  readonly #id = randomUUID();
  readonly #workers = new Map<string, PartitionWorker>();
  readonly #beat = new Wakeup();
  readonly #prepared = new Set<string>();
  #stopped = false;
  #running: Promise<void> | undefined;

  constructor(private readonly options: GroupMemberOptions) {}

  start(): void {
    this.#running ??= this.#run();
  }

  /** @param names `topic/partition` of what has new records; undefined when that is not known */
  wake(names?: readonly string[]): void {
    for (const name of names ?? this.#workers.keys()) this.#workers.get(name)?.wake();
  }

  assignments(): string[] {
    return [...this.#workers.keys()].sort();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#beat.signal();
    await this.#running;
    await Promise.all([...this.#workers.keys()].map((name) => this.#giveBack(name)));
    await this.#query("leave", [this.options.group, this.#id]).catch(this.options.onError);
  }

  async #run(): Promise<void> {
    const interval = this.options.leaseMs / 5;
    for (let failures = 0; !this.#stopped; ) {
      try {
        await this.#balance();
        failures = 0;
        await this.#beat.wait(interval);
      } catch (error) {
        this.options.onError(error);
        await this.#beat.wait(backoff(failures++, this.options.random, 50, interval));
      }
    }
  }

  async #balance(): Promise<void> {
    const { group, topics, leaseMs } = this.options;
    await this.#query("join", [group, this.#id, topics, leaseMs]);
    for (const topic of topics) {
      await this.#prepare(topic);
      const members = (await this.#query<{ member: string }>("members", [group, topic])).map(({ member }) => member);
      const partitions = (await this.#query<{ partition: number }>("partitions", [topic])).map(({ partition }) => partition);
      for (const partition of partitions) {
        const mine = members[partition % members.length] === this.#id;
        await (mine ? this.#keep(topic, partition) : this.#giveBack(`${topic}/${partition}`));
      }
    }
  }

  async #prepare(topic: string): Promise<void> {
    if (this.#prepared.has(topic)) return;
    await this.options.prepare(topic);
    await this.#query("createLeases", [this.options.group, topic, this.options.from === "latest"]);
    this.#prepared.add(topic);
  }

  async #keep(topic: string, partition: number): Promise<void> {
    const name = `${topic}/${partition}`;
    const worker = this.#workers.get(name);
    if (worker !== undefined) {
      if (!worker.over && (await worker.renew())) return;
      await this.#giveBack(name);
    }
    const { group, leaseMs } = this.options;
    const [row] = await this.#query<{ term: string; offset: string }>("claim", [group, topic, partition, this.#id, leaseMs]);
    if (row === undefined || this.#stopped) return;
    const lease: PartitionLease = { topic, partition, term: row.term, offset: BigInt(row.offset) };
    const started = new PartitionWorker(lease, { ...this.options, query: (name, values) => this.#count(name, values) });
    this.#workers.set(name, started);
    started.start();
  }

  async #giveBack(name: string): Promise<void> {
    const worker = this.#workers.get(name);
    if (worker === undefined) return;
    await worker.stop();
    this.#workers.delete(name);
  }

  async #query<Row extends pg.QueryResultRow>(name: keyof EventLogStatements, values: unknown[]): Promise<Row[]> {
    const query = { ...this.options.statements[name], values };
    return (await withClient(this.options.pool, (client) => client.query<Row>(query))).rows;
  }

  async #count(name: keyof EventLogStatements, values: unknown[]): Promise<number> {
    const query = { ...this.options.statements[name], values };
    return (await withClient(this.options.pool, (client) => client.query(query))).rowCount ?? 0;
  }
}
