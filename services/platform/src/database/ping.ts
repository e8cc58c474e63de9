import type pg from "pg";

/** Milliseconds; whoever watches has given up by then. Looks that a silent database leaves hanging would use the pool up. */
const PATIENCE_MS = 2_000;

/** Resolves when the database answers `statement`. @throws what kept it from answering within two seconds, as pg tells it */
export async function ping(pool: pg.Pool, statement = "SELECT 1"): Promise<void> {
  const query: pg.QueryConfig & { readonly query_timeout: number } = { text: statement, query_timeout: PATIENCE_MS };
  await pool.query(query);
}
