import type pg from "pg";
import { databaseAway, isDatabaseAway } from "./database-error.js";
import { lossOf } from "./pool.js";

/**
 * Runs `work` on one connection of `pool`.
 * @throws InterlockError DEPENDENCY_UNAVAILABLE when no connection could be had or it broke; what `work` throws otherwise
 */
export async function withClient<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (cause) {
    throw databaseAway(cause);
  }
  let lost: Error | undefined;
  try {
    return await work(client);
  } catch (error) {
    lost = lossOf(client);
    if (isDatabaseAway(error)) lost = error instanceof Error ? error : new Error("connection lost", { cause: error });
    throw lost === undefined ? error : databaseAway(error);
  } finally {
    client.release(lost ?? lossOf(client));
  }
}

/**
 * Runs `work` inside one READ COMMITTED transaction: all of it is committed, or none.
 * @throws what `work` throws, after the rollback; DEPENDENCY_UNAVAILABLE when the database is away
 */
export function withTransaction<T>(pool: pg.Pool, work: (tx: pg.PoolClient) => Promise<T>): Promise<T> {
  return withClient(pool, async (client) => {
    await client.query("BEGIN");
    try {
      const result = await work(client);
      await client.query("COMMIT");
      return result;
    } catch (error) {
      // Where the connection is gone the server rolls back by itself; on one that is silent a rollback would wait for the silence's end.
      if (!isDatabaseAway(error)) await client.query("ROLLBACK").catch(() => undefined);
      throw error;
    }
  });
}
