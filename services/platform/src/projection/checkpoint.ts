import type pg from "pg";
import { identifier } from "../database/identifier.js";
import type { NamedStatement } from "../event-store/statements.js";

/** How far each projection came; moved only together with the effect, and only from where the mover thinks it is. */
export class Checkpoints {
  readonly #table: string;
  readonly #advance: NamedStatement;

  constructor(schema: string) {
    const s = identifier(schema);
    this.#table = `${s}.projection_checkpoint`;
    this.#advance = {
      name: `${s}_projection_advance`,
      text: `WITH moved AS (UPDATE ${this.#table} SET position = $3 WHERE name = $1 AND position = $2 RETURNING 1)
        SELECT ARRAY(SELECT DISTINCT sequence FROM ${s}.parked WHERE consumer = $1 AND sequence = ANY ($4)) AS blocked FROM moved`,
    };
  }

  /** Position of the last event applied; 0 at first. */
  async load(client: pg.Pool | pg.PoolClient, name: string): Promise<bigint> {
    const { rows } = await client.query<{ position: string }>(`SELECT position FROM ${this.#table} WHERE name = $1`, [name]);
    if (rows[0] !== undefined) return BigInt(rows[0].position);
    await client.query(`INSERT INTO ${this.#table} (name) VALUES ($1) ON CONFLICT DO NOTHING`, [name]);
    return 0n;
  }

  /**
   * Moves `name` from `expected` to `to`.
   * @returns those of `sequences` that have something parked; undefined when another process was faster: then nothing may be applied
   */
  async advance(
    tx: pg.PoolClient,
    name: string,
    expected: bigint,
    to: bigint,
    sequences: readonly string[],
  ): Promise<ReadonlySet<string> | undefined> {
    const values = [name, expected.toString(), to.toString(), sequences];
    const { rows } = await tx.query<{ blocked: string[] }>({ ...this.#advance, values });
    return rows[0] && new Set(rows[0].blocked);
  }

  /** Makes `name` stand at `to`, whatever it stood at: only a rebuild does that. */
  async reset(tx: pg.PoolClient, name: string, to: bigint): Promise<void> {
    await tx.query(
      `INSERT INTO ${this.#table} (name, position) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET position = excluded.position`,
      [name, to.toString()],
    );
  }
}
