import type pg from "pg";
import { withClient } from "../database/with-client.js";

/**
 * Deletes up to `limit` rows of `table` whose `created_at` is before `time`, the oldest first: a short statement whatever has piled up.
 * @param table full name, quoted where it has to be; its index on `created_at` finds the rows
 * @returns how many were deleted
 */
export async function forgetOldRows(pool: pg.Pool, table: string, time: Date, limit: number): Promise<number> {
  const text = `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM ${table} WHERE created_at < $1 ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED))`;
  return withClient(pool, async (client) => (await client.query(text, [time, limit])).rowCount ?? 0);
}
