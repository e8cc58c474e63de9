import type { Pool, PoolClient } from "pg";
import { withTransaction } from "#platform/database/with-client.js";
import type { Entry } from "../domain/entry.js";
import type { PublishedEvent } from "../domain/published-event.js";

/** The same (source, sequence) came again with other bytes: somebody rewrites history. */
export interface Conflict {
  readonly event: PublishedEvent;
  readonly storedHash: string;
}

interface EntryRow {
  log_index: string;
  event: Buffer;
  partition_key: string;
  hash: string;
}

const toEntry = (row: EntryRow): Entry => ({
  logIndex: BigInt(row.log_index),
  bytes: row.event,
  partitionKey: row.partition_key,
  hash: row.hash,
});

/** The stream as it stands in Postgres. One writer at a time: the row of the head is locked while positions are given out. */
export class EntryRepository {
  constructor(private readonly pool: Pool) {}

  /** Gives every new event the next position, in the order given; events that stand there already are skipped. */
  async append(events: readonly PublishedEvent[]): Promise<readonly Conflict[]> {
    return withTransaction(this.pool, async (client) => {
      const head = await client.query<{ next: string }>({ name: "audit-head-lock", text: "SELECT next FROM audit.head FOR UPDATE" });
      const known = await this.knownHashes(client, events);
      const conflicts: Conflict[] = [];
      const fresh: PublishedEvent[] = [];
      for (const event of events) {
        const storedHash = known.get(keyOf(event));
        if (storedHash === undefined) {
          known.set(keyOf(event), event.hash);
          fresh.push(event);
        } else if (storedHash !== event.hash) conflicts.push({ event, storedHash });
      }
      if (fresh.length > 0) await this.insert(client, fresh, BigInt(head.rows[0]?.next ?? 0));
      return conflicts;
    });
  }

  /** Entries from `from` on, in order. */
  async read(from: bigint, limit: number): Promise<readonly Entry[]> {
    const text = "SELECT log_index, event, partition_key, hash FROM audit.entry WHERE log_index >= $1 ORDER BY log_index LIMIT $2";
    const { rows } = await this.pool.query<EntryRow>({ name: "audit-read", text, values: [from.toString(), limit] });
    return rows.map(toEntry);
  }

  /** The position the next entry will get. */
  async next(): Promise<bigint> {
    const { rows } = await this.pool.query<{ next: string }>("SELECT next FROM audit.head");
    return BigInt(rows[0]?.next ?? 0);
  }

  /**
   * Hands entries that are not yet on the outgoing topic to `publish`, then moves the mark. One publisher at a time; when it dies
   * in between, the same entries go out again and consumers drop them by their position.
   */
  async publishNext(limit: number, publish: (entries: readonly Entry[]) => Promise<void>): Promise<number> {
    return withTransaction(this.pool, async (client) => {
      const lock = await client.query<{ published: string }>("SELECT published FROM audit.outgoing FOR UPDATE SKIP LOCKED");
      const [mark] = lock.rows;
      if (mark === undefined) return 0;
      const text = "SELECT log_index, event, partition_key, hash FROM audit.entry WHERE log_index >= $1 ORDER BY log_index LIMIT $2";
      const { rows } = await client.query<EntryRow>({ name: "audit-outgoing", text, values: [mark.published, limit] });
      if (rows.length === 0) return 0;
      await publish(rows.map(toEntry));
      await client.query("UPDATE audit.outgoing SET published = $1", [(BigInt(mark.published) + BigInt(rows.length)).toString()]);
      return rows.length;
    });
  }

  private async knownHashes(client: PoolClient, events: readonly PublishedEvent[]): Promise<Map<string, string>> {
    const { rows } = await client.query<{ source: string; sequence: string; hash: string }>({
      name: "audit-known",
      text: `SELECT e.source, e.sequence, e.hash FROM audit.entry e
             JOIN unnest($1::text[], $2::bigint[]) AS wanted(source, sequence) ON e.source = wanted.source AND e.sequence = wanted.sequence`,
      values: [events.map(({ source }) => source), events.map(({ sequence }) => sequence.toString())],
    });
    return new Map(rows.map((row) => [`${row.source} ${row.sequence}`, row.hash]));
  }

  private async insert(client: PoolClient, events: readonly PublishedEvent[], first: bigint): Promise<void> {
    await client.query({
      name: "audit-insert",
      text: `INSERT INTO audit.entry (log_index, source, sequence, event_id, type, partition_key, hash, event)
             SELECT $1::bigint + row_number - 1, source, sequence, id, type, key, hash, event
             FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[])
               WITH ORDINALITY AS t(source, sequence, id, type, key, hash, event, row_number)`,
      values: [
        first.toString(),
        events.map(({ source }) => source),
        events.map(({ sequence }) => sequence.toString()),
        events.map(({ id }) => id),
        events.map(({ type }) => type),
        events.map(({ partitionKey }) => partitionKey),
        events.map(({ hash }) => hash),
        events.map(({ bytes }) => bytes),
      ],
    });
    await client.query("UPDATE audit.head SET next = $1", [(first + BigInt(events.length)).toString()]);
  }
}

const keyOf = (event: PublishedEvent) => `${event.source} ${event.sequence}`;
