import type { Pool } from "pg";
import { withTransaction } from "#platform/database/with-client.js";

/** A signed checkpoint with the cosignatures under it so far. */
export interface StoredCheckpoint {
  readonly size: number;
  readonly note: Buffer;
}

interface CheckpointRow {
  readonly size: string;
  readonly note: Buffer;
  readonly cosignatures: readonly string[] | null;
}

const SELECT = `SELECT c.size, c.note, (SELECT array_agg(s.line ORDER BY s.witness) FROM audit.cosignature s WHERE s.size = c.size) AS cosignatures
  FROM audit.checkpoint c`;

const toCheckpoint = ({ size, note, cosignatures }: CheckpointRow): StoredCheckpoint => ({
  size: Number(size),
  note: Buffer.concat([note, Buffer.from((cosignatures ?? []).join(""))]),
});

/** Every checkpoint ever signed. One is never changed or deleted; cosignatures come in beside it. */
export class CheckpointRepository {
  constructor(private readonly pool: Pool) {}

  /** Keeps the checkpoint of `size`; the first one kept stays. */
  async record(size: number, note: Buffer): Promise<void> {
    const text = "INSERT INTO audit.checkpoint (size, note) VALUES ($1, $2) ON CONFLICT (size) DO NOTHING";
    await this.pool.query({ name: "audit-checkpoint", text, values: [size, note] });
  }

  /** The newest, undefined before the first. */
  async newest(): Promise<StoredCheckpoint | undefined> {
    const { rows } = await this.pool.query<CheckpointRow>({ name: "audit-newest", text: `${SELECT} ORDER BY c.size DESC LIMIT 1` });
    return rows[0] === undefined ? undefined : toCheckpoint(rows[0]);
  }

  /** The newest that `witnesses` cosigners at least have cosigned. */
  async newestCosigned(witnesses: number): Promise<StoredCheckpoint | undefined> {
    const text = `${SELECT} WHERE (SELECT count(*) FROM audit.cosignature s WHERE s.size = c.size) >= $1 ORDER BY c.size DESC LIMIT 1`;
    const { rows } = await this.pool.query<CheckpointRow>(text, [witnesses]);
    return rows[0] === undefined ? undefined : toCheckpoint(rows[0]);
  }

  async cosigned(size: number, witness: string, line: string): Promise<void> {
    const text = "INSERT INTO audit.cosignature (size, witness, line) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    await this.pool.query(text, [size, witness, line]);
  }

  /**
   * Hands the newest checkpoint to `publish` when it has not been published, or not for `silence` milliseconds. One publisher at a time.
   * @returns true when one was published
   */
  async publishNewest(silence: number, publish: (checkpoint: StoredCheckpoint) => Promise<void>): Promise<boolean> {
    return withTransaction(this.pool, async (client) => {
      const mark = await client.query<{ due: string }>({
        name: "audit-checkpoint-mark",
        text: `SELECT CASE WHEN at IS NULL OR at < clock_timestamp() - make_interval(secs => $1::float8 / 1000) THEN -1 ELSE size END AS due
          FROM audit.checkpoint_published FOR UPDATE SKIP LOCKED`,
        values: [silence],
      });
      const due = mark.rows[0]?.due;
      if (due === undefined) return false;
      const { rows } = await client.query<CheckpointRow>({
        name: "audit-checkpoint-next",
        text: `${SELECT} WHERE c.size > $1 ORDER BY c.size DESC LIMIT 1`,
        values: [due],
      });
      const [row] = rows;
      if (row === undefined) return false;
      await publish(toCheckpoint(row));
      await client.query("UPDATE audit.checkpoint_published SET size = $1, at = clock_timestamp()", [row.size]);
      return true;
    });
  }
}
