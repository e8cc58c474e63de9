import type pg from "pg";
import { identifier } from "../database/identifier.js";

/** How far each projection came; moved only together with the effect, and only from where the mover thinks it is. */
export class Checkpoints {
  readonly #table: string;

  constructor(schema: string) {
    this.#table = `${identifier(schema)}.projection_checkpoint`;
  }

  /** Position of the last event applied; 0 at first. */
  async load(client: pg.Pool | pg.PoolClient, name: string): Promise<bigint> {
    const { rows } = await client.query<{ position: string }>(`SELECT position FROM ${this.#table} WHERE name = $1`, [name]);
    if (rows[0] !== undefined) return BigInt(rows[0].position);
    await client.query(`INSERT INTO ${this.#table} (name) VALUES ($1) ON CONFLICT DO NOTHING`, [name]);
    return 0n;
  }

  /** False when another process was faster: then nothing may be applied. */
  async advance(tx: pg.PoolClient, name: string, expected: bigint, to: bigint): Promise<boolean> {
    const values = [name, expected.toString(), to.toString()];
    const { rowCount } = await tx.query(`UPDATE ${this.#table} SET position = $3 WHERE name = $1 AND position = $2`, values);
    return rowCount === 1;
  }

  /** Makes `name` stand at `to`, whatever it stood at: only a rebuild does that. */
  async reset(tx: pg.PoolClient, name: string, to: bigint): Promise<void> {
    await tx.query(
      `INSERT INTO ${this.#table} (name, position) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET position = excluded.position`,
      [name, to.toString()],
    );
  }
}
