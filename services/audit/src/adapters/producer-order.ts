import type { PoolClient } from "pg";
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
  readonly expected: ReadonlyMap<string, bigint>;
  readonly waiting: readonly PublishedEvent[];
}

/** How far each producer's events have come, and which wait for one before them. Under the lock of the head. */
export class ProducerOrder {
  constructor(private readonly client: PoolClient) {}

  async load(sources: readonly string[]): Promise<ProducerState> {
    const next = await this.client.query<{ source: string; next: string }>({
      name: "audit-producers",
      text: "SELECT source, next FROM audit.producer WHERE source = ANY($1)",
      values: [sources],
    });
    const { rows } = await this.client.query<{ event: string }>({
      name: "audit-waiting",
      text: `SELECT convert_from(w.event, 'UTF8') AS event FROM unnest($1::text[]) AS s(source)
        CROSS JOIN LATERAL (SELECT event, source, sequence FROM audit.waiting WHERE source = s.source ORDER BY sequence LIMIT ${WAITING_STEP}) w
        ORDER BY w.source, w.sequence`,
      values: [sources],
    });
    const expected = new Map(next.rows.map((row) => [row.source, BigInt(row.next)]));
    return { expected, waiting: rows.map(({ event }) => readPublishedEvent(Buffer.from(event))) };
  }

  async save(next: ReadonlyMap<string, bigint>): Promise<void> {
    await this.client.query({
      name: "audit-producers-save",
      text: `INSERT INTO audit.producer (source, next) SELECT * FROM unnest($1::text[], $2::bigint[])
        ON CONFLICT (source) DO UPDATE SET next = excluded.next`,
      values: [[...next.keys()], [...next.values()].map(String)],
    });
  }

  async wait(events: readonly PublishedEvent[]): Promise<void> {
    if (events.length === 0) return;
    await this.client.query({
      name: "audit-wait",
      text: `INSERT INTO audit.waiting (source, sequence, leaf_hash, event)
        SELECT source, sequence, leaf_hash, convert_to(event, 'UTF8') FROM unnest($1::text[], $2::bigint[], $3::bytea[], $4::text[])
          AS t(source, sequence, leaf_hash, event) ON CONFLICT DO NOTHING`,
      values: [
        events.map(({ source }) => source),
        events.map(({ sequence }) => sequence.toString()),
        events.map(({ leafHash }) => leafHash),
        events.map(({ bytes }) => bytes.toString("utf8")),
      ],
    });
  }

  async forget(events: readonly PublishedEvent[]): Promise<void> {
    if (events.length === 0) return;
    const text = `DELETE FROM audit.waiting w USING unnest($1::text[], $2::bigint[]) AS t(source, sequence)
      WHERE w.source = t.source AND w.sequence = t.sequence`;
    await this.client.query(text, [events.map(({ source }) => source), events.map(({ sequence }) => sequence.toString())]);
  }

  /** Gives up numbers that have been waited for longer than `patienceMs`: the producer's count goes on with what is there. */
  async giveUp(patienceMs: number): Promise<readonly ProducerGap[]> {
    const { rows } = await this.client.query<{ source: string; expected: string; found: string }>(
      `SELECT w.source, coalesce(min(p.next), 1) AS expected, min(w.sequence) AS found
       FROM audit.waiting w LEFT JOIN audit.producer p ON p.source = w.source
       GROUP BY w.source HAVING min(w.arrived_at) <= clock_timestamp() - make_interval(secs => $1::float8 / 1000)`,
      [patienceMs],
    );
    const gaps = rows.map(({ source, expected, found }) => ({ source, expected: BigInt(expected), found: BigInt(found) }));
    if (gaps.length > 0) await this.save(new Map(gaps.map(({ source, found }) => [source, found])));
    return gaps;
  }
}
