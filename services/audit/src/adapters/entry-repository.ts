import type { Pool } from "pg";
import { databaseAway, isDatabaseAway } from "#platform/database/database-error.js";
import { withTransaction } from "#platform/database/with-client.js";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { HASH_SIZE } from "#platform/transparency-log/hash.js";
import type { Entry } from "../domain/entry.js";
import { ProducerTrust } from "../domain/producer-trust.js";
import type { PublishedEvent } from "../domain/published-event.js";
import { EntryIntake, type Refusals } from "./entry-intake.js";
import type { ProducerGap } from "./producer-order.js";

interface EntryRow {
  log_index: string;
  event: string | null;
  partition_key: string;
  leaf_hash: Buffer;
}

// Events as text: the driver would get bytea as twice as many hexadecimal digits, and every event is UTF-8.
const COLUMNS = "log_index, convert_from(event, 'UTF8') AS event, partition_key, leaf_hash";

function toEntry(row: EntryRow): Entry {
  const logIndex = BigInt(row.log_index);
  if (row.event === null) throw pruned(logIndex);
  return { logIndex, bytes: Buffer.from(row.event), partitionKey: row.partition_key, leafHash: row.leaf_hash };
}

function pruned(first: bigint): InterlockError {
  return new InterlockError("LOG_PRUNED", `entries up to here were deleted; the first there is ${first}`, {
    details: { first: first.toString() },
  });
}

/** A reader who comes before the breaker has noticed is told that the database is away, not that something broke. */
const orAway = (error: unknown): never => {
  throw isDatabaseAway(error) ? databaseAway(error) : error;
};

/** The stream as it stands in Postgres. One writer at a time: the row of the head is locked while positions are given out. */
export class EntryRepository {
  private readonly intake: EntryIntake;

  /** @param trust whose events are taken; by default everybody's, as they count them */
  constructor(
    private readonly pool: Pool,
    trust = new ProducerTrust(new Map(), "all"),
  ) {
    this.intake = new EntryIntake(pool, trust);
  }

  /** See EntryIntake. */
  append(events: readonly PublishedEvent[]): Promise<Refusals> {
    return this.intake.append(events);
  }

  /** See EntryIntake. */
  giveUp(patienceMs: number): Promise<Refusals & { readonly gaps: readonly ProducerGap[] }> {
    return this.intake.giveUp(patienceMs);
  }

  /** How long the oldest event has waited for one before it, in seconds. */
  async longestWait(): Promise<number> {
    const text = "SELECT coalesce(extract(epoch FROM clock_timestamp() - min(arrived_at)), 0)::float8 AS age FROM audit.waiting";
    return (await this.pool.query<{ age: number }>(text)).rows[0]?.age ?? 0;
  }

  /**
   * Entries from `from` on, in order: those a signed checkpoint covers.
   * @throws InterlockError DEPENDENCY_UNAVAILABLE without the database, LOG_PRUNED naming the first entry there is, when `from` was deleted
   */
  async read(from: bigint, limit: number): Promise<readonly Entry[]> {
    const text = `SELECT ${COLUMNS} FROM audit.entry
      WHERE log_index >= $1 AND log_index < (SELECT coalesce(max(size), 0) FROM audit.checkpoint) ORDER BY log_index LIMIT $2`;
    const { rows } = await this.pool.query<EntryRow>({ name: "audit-read", text, values: [from.toString(), limit] }).catch(orAway);
    if (rows[0]?.event === null) throw pruned(await this.first());
    return rows.map(toEntry);
  }

  /**
   * As `read`, as NDJSON in one piece: the server puts the lines together, which is several times faster than rows.
   * @throws InterlockError LOG_PRUNED; POSITION_GAP when an entry is missing
   */
  async readLines(from: bigint, limit: number): Promise<{ readonly text: string; readonly count: number }> {
    const { rows } = await this.pool.query<{ text: string | null; n: string; there: string; last: string | null }>({
      name: "audit-read-lines",
      text: `SELECT convert_from(string_agg(event, E'\\x0a'::bytea) || E'\\x0a'::bytea, 'UTF8') AS text, count(*) AS n, count(event) AS there, max(log_index) AS last
        FROM (SELECT log_index, event FROM audit.entry WHERE log_index >= $1
          AND log_index < (SELECT coalesce(max(size), 0) FROM audit.checkpoint) ORDER BY log_index LIMIT $2) page`,
      values: [from.toString(), limit],
    });
    const [row] = rows;
    const count = Number(row?.n ?? 0);
    if (row === undefined || row.last === null) return { text: "", count: 0 };
    if (Number(row.there) !== count) throw pruned(await this.first());
    if (BigInt(row.last) !== from + BigInt(count - 1)) throw new InterlockError("POSITION_GAP", `the log has a gap after ${from}`);
    return { text: row.text ?? "", count };
  }

  /** Exactly `count` entries from `from` on. @throws InterlockError NOT_FOUND when the log is not that far; LOG_PRUNED */
  async readExactly(from: bigint, count: number): Promise<readonly Entry[]> {
    const entries = await this.read(from, count);
    if (entries.length < count) throw new InterlockError("NOT_FOUND", `the log has no ${count} entries from ${from} on yet`);
    return entries;
  }

  /** As `readExactly`, whether a checkpoint covers the entries or not: for who builds the next one. */
  async unsettled(from: bigint, count: number): Promise<readonly Entry[]> {
    const text = `SELECT ${COLUMNS} FROM audit.entry WHERE log_index >= $1 ORDER BY log_index LIMIT $2`;
    const { rows } = await this.pool.query<EntryRow>({ name: "audit-unsettled", text, values: [from.toString(), count] });
    if (rows.length < count) throw new InterlockError("POSITION_GAP", `the log has no ${count} entries from ${from} on`);
    return rows.map(toEntry);
  }

  /** Leaf hashes from `from` on, at most `limit`, in order; settled or not. @throws InterlockError POSITION_GAP when one is missing */
  async leafHashes(from: bigint, limit: number): Promise<readonly Buffer[]> {
    const { rows } = await this.pool.query<{ hashes: Buffer | null; first: string | null; last: string | null }>({
      name: "audit-leaf-hashes",
      text: `SELECT string_agg(leaf_hash, ''::bytea ORDER BY log_index) AS hashes, min(log_index) AS first, max(log_index) AS last
             FROM audit.entry WHERE log_index >= $1 AND log_index < $1::bigint + $2::bigint`,
      values: [from.toString(), limit],
    });
    const [row] = rows;
    if (row === undefined || row.hashes === null || row.first === null || row.last === null) return [];
    const { hashes } = row;
    const found = hashes.length / HASH_SIZE;
    if (BigInt(row.first) !== from || BigInt(row.last) !== from + BigInt(found - 1)) {
      throw new InterlockError("POSITION_GAP", `the log has a gap after ${from}`);
    }
    return Array.from({ length: found }, (_, i) => hashes.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE));
  }

  /** The position the next entry will get. */
  async next(): Promise<bigint> {
    const { rows } = await this.pool.query<{ next: string }>({ name: "audit-next", text: "SELECT next FROM audit.head" });
    return BigInt(rows[0]?.next ?? 0);
  }

  /** The first entry whose bytes are still there. */
  async first(): Promise<bigint> {
    const { rows } = await this.pool.query<{ first: string }>("SELECT first FROM audit.head").catch(orAway);
    return BigInt(rows[0]?.first ?? 0);
  }

  /** How many entries a signed checkpoint covers. */
  async settled(): Promise<bigint> {
    const text = "SELECT coalesce(max(size), 0) AS size FROM audit.checkpoint";
    const { rows } = await this.pool.query<{ size: string }>({ name: "audit-settled", text }).catch(orAway);
    return BigInt(rows[0]?.size ?? 0);
  }

  /** Deletes the bytes of all entries before `first` that are settled and published; their leaf hashes stay and the log still verifies. */
  async prune(first: bigint): Promise<bigint> {
    return withTransaction(this.pool, async (client) => {
      const { rows } = await client.query<{ first: string }>(
        `UPDATE audit.head SET first = greatest(first, least($1::bigint,
           (SELECT coalesce(max(size), 0) FROM audit.checkpoint), (SELECT published FROM audit.outgoing))) RETURNING first`,
        [first.toString()],
      );
      const kept = rows[0]?.first ?? "0";
      await client.query("UPDATE audit.entry SET event = NULL WHERE log_index < $1 AND event IS NOT NULL", [kept]);
      return BigInt(kept);
    });
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
      const text = `SELECT ${COLUMNS} FROM audit.entry WHERE log_index >= $1 ORDER BY log_index LIMIT $2`;
      const { rows } = await client.query<EntryRow>({ name: "audit-outgoing", text, values: [mark.published, limit] });
      if (rows.length === 0) return 0;
      await publish(rows.map(toEntry));
      await client.query("UPDATE audit.outgoing SET published = $1", [(BigInt(mark.published) + BigInt(rows.length)).toString()]);
      return rows.length;
    });
  }
}
