import type { PoolClient } from "pg";
import type { PublishedEvent } from "../domain/published-event.js";

/** Locks the head: positions are given out by one at a time. @returns the next position */
export async function lockHead(client: PoolClient): Promise<bigint> {
  const { rows } = await client.query<{ next: string }>({ name: "audit-head-lock", text: "SELECT next FROM audit.head FOR UPDATE" });
  return BigInt(rows[0]?.next ?? 0);
}

/** An event that is in the log or waits to be. */
export interface KnownEvent {
  readonly leafHash: Buffer;
  readonly settled: boolean;
  readonly headSignature: string;
}

/** Those of `events`, by source and sequence, that are in the log or wait to be. */
export async function knownEvents(client: PoolClient, events: readonly PublishedEvent[]): Promise<Map<string, KnownEvent[]>> {
  const joined = (table: string, more: string) => `SELECT e.source, e.sequence, e.leaf_hash, ${more} FROM audit.${table} e
    JOIN unnest($1::text[], $2::bigint[]) AS wanted(source, sequence) ON e.source = wanted.source AND e.sequence = wanted.sequence`;
  const { rows } = await client.query<{ source: string; sequence: string; leaf_hash: Buffer; settled: boolean; head_signature: string }>({
    name: "audit-known",
    text: `${joined("entry", "true AS settled, '' AS head_signature")} UNION ALL ${joined("waiting", "false, e.head_signature")}`,
    values: [events.map(({ source }) => source), events.map(({ sequence }) => sequence.toString())],
  });
  const known = new Map<string, KnownEvent[]>();
  for (const row of rows) {
    const one = { leafHash: row.leaf_hash, settled: row.settled, headSignature: row.head_signature };
    known.set(`${row.source} ${row.sequence}`, [...(known.get(`${row.source} ${row.sequence}`) ?? []), one]);
  }
  return known;
}

/** Writes `events` from position `first` on and moves the head behind them. */
export async function insertEntries(client: PoolClient, events: readonly PublishedEvent[], first: bigint): Promise<void> {
  await client.query({
    name: "audit-insert",
    text: `INSERT INTO audit.entry (log_index, source, sequence, event_id, type, partition_key, leaf_hash, event)
           SELECT $1::bigint + row_number - 1, source, sequence, id, type, key, leaf_hash, convert_to(event, 'UTF8')
           FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::text[])
             WITH ORDINALITY AS t(source, sequence, id, type, key, leaf_hash, event, row_number)`,
    values: [
      first.toString(),
      events.map(({ source }) => source),
      events.map(({ sequence }) => sequence.toString()),
      events.map(({ id }) => id),
      events.map(({ type }) => type),
      events.map(({ partitionKey }) => partitionKey),
      events.map(({ leafHash }) => leafHash),
      events.map(({ bytes }) => bytes.toString("utf8")),
    ],
  });
  await client.query("UPDATE audit.head SET next = $1", [(first + BigInt(events.length)).toString()]);
}
