import type pg from "pg";
import { identifier } from "../database/identifier.js";
import { withTransaction } from "../database/with-client.js";
import type { UpcasterRegistry } from "../event-store/upcaster.js";
import { Checkpoints } from "./checkpoint.js";
import { LoggedEvents } from "./logged-events.js";
import type { Projection } from "./projection.js";
import { readAhead } from "./read-ahead.js";

export interface RebuildOptions {
  readonly pool: pg.Pool;
  readonly schema: string;
  readonly projection: Projection;
  readonly upcasters?: UpcasterRegistry;
  /** Events per transaction; defaults to 2,000. */
  readonly batch?: number;
}

export interface RebuildResult {
  readonly position: bigint;
  /** SHA-256 of the tables' rows before and after, at the same position: different digests mean the live view was wrong. */
  readonly before: string;
  readonly after: string;
}

/**
 * Computes a projection anew beside the live one and swaps the tables at the end, in one transaction. The live view is served all the time.
 * @throws the first error of an event: a rebuild parks nothing, and the live view stays as it was
 */
export async function rebuild(options: RebuildOptions): Promise<RebuildResult> {
  const { pool, projection } = options;
  const s = identifier(options.schema);
  const live = (name: string) => `${s}.${identifier(name)}`;
  const next = (name: string) => `${s}.${identifier(name)}_next`;
  const events = new LoggedEvents(options.schema, options.upcasters);
  for (const table of projection.tables) {
    await pool.query(`DROP TABLE IF EXISTS ${next(table)}; CREATE TABLE ${next(table)} (LIKE ${live(table)} INCLUDING ALL)`);
  }
  let position = await applyAll(options, events, next);
  return withTransaction(pool, async (tx) => {
    const checkpoints = new Checkpoints(options.schema);
    // Holds the live runner back until the swap; what came meanwhile is applied to the new tables here.
    await tx.query(`SELECT 1 FROM ${s}.projection_checkpoint WHERE name = $1 FOR UPDATE`, [projection.name]);
    const served = await checkpoints.load(tx, projection.name);
    if (position < served) {
      await projection.apply(tx, await events.read(tx, position, Number(served - position)), next);
      position = served;
    }
    const before = served === position ? await digest(tx, projection.tables.map(live)) : "";
    const after = await digest(tx, projection.tables.map(next));
    for (const table of projection.tables) {
      await tx.query(`DROP TABLE ${live(table)}; ALTER TABLE ${next(table)} RENAME TO ${identifier(table)}`);
    }
    await checkpoints.reset(tx, projection.name, position);
    return { position, before, after };
  });
}

/** Applies the whole log; returns the position of its last event. */
async function applyAll({ pool, projection, batch = 2_000 }: RebuildOptions, events: LoggedEvents, table: (name: string) => string) {
  let position = 0n;
  for await (const page of readAhead((after) => events.read(pool, after, batch), batch)) {
    await withTransaction(pool, (tx) => projection.apply(tx, page, table));
    position += BigInt(page.length);
  }
  return position;
}

/** Order-independent digest of all rows. */
async function digest(tx: pg.PoolClient, tables: readonly string[]): Promise<string> {
  const parts: string[] = [];
  for (const table of tables) {
    const { rows } = await tx.query<{ digest: string }>(
      `SELECT encode(sha256(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')::bytea), 'hex') AS digest FROM ${table} t`,
    );
    parts.push(rows[0]?.digest ?? "");
  }
  return parts.join(".");
}
