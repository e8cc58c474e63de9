import type pg from "pg";
import { identifier } from "../database/identifier.js";
import { withTransaction } from "../database/with-client.js";
import { InterlockError } from "../errors/interlock-error.js";
import type { JsonObject } from "../kernel/json.js";

/** Something a consumer could not handle, kept with its sequence until it is replayed. */
export interface ParkedItem {
  /** What has to stay in order: a stream, or a key of the log. */
  readonly sequence: string;
  /** Order inside the sequence. */
  readonly place: bigint;
  readonly payload: JsonObject;
  readonly reason: string;
}

/** Which items to replay: all of them, one sequence, and up to a place. */
export interface ReplaySelection {
  readonly sequence?: string;
  readonly until?: bigint;
  /** Most items; 1 replays the oldest. */
  readonly limit?: number;
}

interface ParkedRow {
  readonly sequence: string;
  readonly place: string;
  readonly payload: JsonObject;
  readonly reason: string;
}

/** Where a consumer puts what it cannot handle, together with all that follows in the same sequence; other sequences go on. */
export class ParkingLot {
  readonly #table: string;

  /** @param cap most sequences parked per consumer: beyond it the consumer stops instead of skipping the world */
  constructor(
    private readonly pool: pg.Pool,
    schema: string,
    private readonly cap = 1_000,
  ) {
    this.#table = `${identifier(schema)}.parked`;
  }

  /** Those of `sequences` that have something parked. */
  async blocked(consumer: string, sequences: readonly string[], client: pg.Pool | pg.PoolClient = this.pool): Promise<Set<string>> {
    const { rows } = await client.query<{ sequence: string }>(
      `SELECT DISTINCT sequence FROM ${this.#table} WHERE consumer = $1 AND sequence = ANY ($2)`,
      [consumer, sequences],
    );
    return new Set(rows.map(({ sequence }) => sequence));
  }

  /** Parks one item; again is as once. @throws InterlockError RESOURCE_EXHAUSTED when the item would begin one sequence too many */
  async park(consumer: string, item: ParkedItem, client: pg.Pool | pg.PoolClient = this.pool): Promise<void> {
    const { rows } = await client.query<{ n: number; known: boolean }>(
      `SELECT count(DISTINCT sequence)::integer AS n, coalesce(bool_or(sequence = $2), false) AS known FROM ${this.#table} WHERE consumer = $1`,
      [consumer, item.sequence],
    );
    const [seen] = rows;
    if (seen !== undefined && !seen.known && seen.n >= this.cap) {
      throw new InterlockError("RESOURCE_EXHAUSTED", `${consumer} has ${this.cap} sequences parked and stops`, { details: { consumer } });
    }
    await client.query(
      `INSERT INTO ${this.#table} (consumer, sequence, place, payload, reason) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
      [consumer, item.sequence, item.place.toString(), JSON.stringify(item.payload), item.reason],
    );
  }

  /** How much is parked, for metrics and alarms. */
  async count(consumer: string): Promise<{ readonly sequences: number; readonly items: number }> {
    const { rows } = await this.pool.query<{ sequences: number; items: number }>(
      `SELECT count(DISTINCT sequence)::integer AS sequences, count(*)::integer AS items FROM ${this.#table} WHERE consumer = $1`,
      [consumer],
    );
    return rows[0] ?? { sequences: 0, items: 0 };
  }

  /**
   * Hands parked items to `run` again, oldest first, each in a transaction that also removes it. Stops at the first failure.
   * @returns how many were handled
   */
  async replay(consumer: string, selection: ReplaySelection, run: (item: ParkedItem, tx: pg.PoolClient) => Promise<void>): Promise<number> {
    const { rows } = await this.pool.query<ParkedRow>(
      `SELECT sequence, place, payload, reason FROM ${this.#table}
       WHERE consumer = $1 AND ($2::text IS NULL OR sequence = $2) AND ($3::bigint IS NULL OR place <= $3)
       ORDER BY place LIMIT $4`,
      [consumer, selection.sequence ?? null, selection.until?.toString() ?? null, selection.limit ?? 10_000],
    );
    let handled = 0;
    for (const row of rows) {
      const item = { ...row, place: BigInt(row.place) };
      await withTransaction(this.pool, async (tx) => {
        const { rowCount } = await tx.query(`DELETE FROM ${this.#table} WHERE consumer = $1 AND sequence = $2 AND place = $3`, [
          consumer,
          row.sequence,
          row.place,
        ]);
        if (rowCount === 1) await run(item, tx);
      });
      handled += 1;
    }
    return handled;
  }
}

/** What is kept of an error: its message, never its payload. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : "unknown").slice(0, 500);
