import type pg from "pg";
import { databaseAway } from "#platform/database/database-error.js";

/** Leadership that lasts as long as one database session: it ends with the process, however that ends. */
export class Leadership {
  #client: pg.PoolClient | undefined;

  constructor(
    private readonly pool: pg.Pool,
    private readonly name: string,
  ) {}

  /** True while this process leads; tries to become the leader otherwise. @throws DEPENDENCY_UNAVAILABLE without a database */
  async hold(): Promise<{ readonly leading: boolean; readonly fresh: boolean }> {
    if (this.#client !== undefined) return { leading: true, fresh: false };
    const client = await this.pool.connect().catch((cause: unknown) => {
      throw databaseAway(cause);
    });
    try {
      const { rows } = await client.query("SELECT pg_try_advisory_lock(hashtext('interlock.relay'), hashtext($1)) AS ok", [this.name]);
      if (rows[0]?.ok !== true) {
        client.release();
        return { leading: false, fresh: false };
      }
    } catch (error) {
      client.release(true);
      throw error;
    }
    const lost = () => {
      if (this.#client === client) this.release();
    };
    client.on("error", lost).on("end", lost);
    this.#client = client;
    return { leading: true, fresh: true };
  }

  /** Gives leadership up, and with it the session that held the lock. */
  release(): void {
    const client = this.#client;
    this.#client = undefined;
    client?.release(true);
  }
}
