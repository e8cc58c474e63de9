import type { PoolClient } from "pg";
import type { ChainEnd } from "../domain/chain-end.js";
import { type PublishedEvent, readPublishedEvent } from "../domain/published-event.js";

/** Most waiting events of one producer that are looked at in one step. */
export const WAITING_STEP = 2_000;

/** A number of a producer's that was waited for and given up. */
export interface ProducerGap {
  readonly source: string;
  readonly expected: bigint;
  readonly found: bigint;
}

export interface ProducerState {
  readonly ends: ReadonlyMap<string, ChainEnd>;
  readonly waiting: readonly PublishedEvent[];
  /** Those of `waiting` that have waited longer than was asked for. */
  readonly late: ReadonlySet<PublishedEvent>;
}

interface WaitingRow {
  readonly event: string;
  readonly head_signature: string;
  readonly late: boolean;
}

/** How far each producer's events have come, and which wait for one before them or for a signature. Under the lock of the head. */
export class ProducerOrder {
  constructor(private readonly client: PoolClient) {}

  /** @param patienceMs how long an event waits until it is late */
  async load(sources: readonly string[], patienceMs = 0): Promise<ProducerState> {
    const ends = await this.client.query<{ source: string; next: string; last_hash: string | null }>({
      name: "audit-producers",
      text: "SELECT source, next, encode(last_hash, 'hex') AS last_hash FROM audit.producer WHERE source = ANY($1)",
      values: [sources],
    });
    const { rows } = await this.client.query<WaitingRow>({
      name: "audit-waiting",
      text: `SELECT convert_from(w.event, 'UTF8') AS event, w.head_signature,
          w.arrived_at <= clock_timestamp() - make_interval(secs => $2::float8 / 1000) AS late
        FROM unnest($1::text[]) AS s(source) CROSS JOIN LATERAL (
          SELECT * FROM audit.waiting WHERE source = s.source ORDER BY sequence LIMIT ${WAITING_STEP}) w
        ORDER BY w.source, w.sequence`,
      values: [sources, patienceMs],
    });
    const late = new Set<PublishedEvent>();
    const waiting = rows.map((row) => {
      const event = readPublishedEvent(Buffer.from(row.event), { chainhead: row.head_signature || undefined });
      if (row.late) late.add(event);
      return event;
    });
    const toEnd = (row: { next: string; last_hash: string | null }) => ({ next: BigInt(row.next), lastHash: row.last_hash ?? undefined });
    return { ends: new Map(ends.rows.map((row) => [row.source, toEnd(row)])), waiting, late };
  }

  async save(ends: ReadonlyMap<string, ChainEnd>): Promise<void> {
    const hashes = [...ends.values()].map(({ lastHash }) => (lastHash === undefined ? null : Buffer.from(lastHash, "hex")));
    await this.client.query({
      name: "audit-producers-save",
      text: `INSERT INTO audit.producer (source, next, last_hash) SELECT * FROM unnest($1::text[], $2::bigint[], $3::bytea[])
        ON CONFLICT (source) DO UPDATE SET next = excluded.next, last_hash = excluded.last_hash`,
      values: [[...ends.keys()], [...ends.values()].map(({ next }) => next.toString()), hashes],
    });
  }

  async wait(events: readonly PublishedEvent[]): Promise<void> {
    if (events.length === 0) return;
    await this.client.query({
      name: "audit-wait",
      text: `INSERT INTO audit.waiting (source, sequence, leaf_hash, head_signature, event)
        SELECT source, sequence, leaf_hash, head_signature, convert_to(event, 'UTF8')
        FROM unnest($1::text[], $2::bigint[], $3::bytea[], $4::text[], $5::text[])
          AS t(source, sequence, leaf_hash, head_signature, event) ON CONFLICT DO NOTHING`,
      values: [
        events.map(({ source }) => source),
        events.map(({ sequence }) => sequence.toString()),
        events.map(({ leafHash }) => leafHash),
        events.map(({ headSignature }) => headSignature ?? ""),
        events.map(({ bytes }) => bytes.toString("utf8")),
      ],
    });
  }

  async forget(events: readonly PublishedEvent[]): Promise<void> {
    if (events.length === 0) return;
    const text = `DELETE FROM audit.waiting w USING unnest($1::text[], $2::bigint[], $3::bytea[]) AS t(source, sequence, leaf_hash)
      WHERE w.source = t.source AND w.sequence = t.sequence AND w.leaf_hash = t.leaf_hash`;
    const columns = [events.map(({ source }) => source), events.map(({ sequence }) => sequence.toString())];
    await this.client.query(text, [...columns, events.map(({ leafHash }) => leafHash)]);
  }

  /** Hashes that the entries behind these events name as the one before them. */
  async followers(events: readonly PublishedEvent[]): Promise<ReadonlySet<string>> {
    if (events.length === 0) return new Set();
    const { rows } = await this.client.query<{ hash: string }>(
      `SELECT convert_from(e.event, 'UTF8')::jsonb->>'previoushash' AS hash FROM audit.entry e
       JOIN unnest($1::text[], $2::bigint[]) AS t(source, sequence) ON e.source = t.source AND e.sequence = t.sequence + 1
       WHERE e.event IS NOT NULL`,
      [events.map(({ source }) => source), events.map(({ sequence }) => sequence.toString())],
    );
    return new Set(rows.map(({ hash }) => hash));
  }

  /** Producers that have an event waiting for longer than `patienceMs`. */
  async late(patienceMs: number): Promise<readonly string[]> {
    const { rows } = await this.client.query<{ source: string }>(
      `SELECT source FROM audit.waiting GROUP BY source
       HAVING min(arrived_at) <= clock_timestamp() - make_interval(secs => $1::float8 / 1000)`,
      [patienceMs],
    );
    return rows.map(({ source }) => source);
  }
}
