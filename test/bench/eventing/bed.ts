import pg from "pg";
import { startPostgres } from "../../../deploy/local/postgres.js";
import { createPool } from "../../../services/platform/src/database/pool.js";
import { EventStore } from "../../../services/platform/src/event-store/event-store.js";
import { systemClock } from "../../../services/platform/src/kernel/clock.js";
import { uuidV7Factory } from "../../../services/platform/src/kernel/ids.js";
import { SCHEMA } from "../../support/event-data.js";
import { type Eventing, eventingOn } from "../../support/eventing.js";

/** A private Postgres with the store, and as many connections as the busiest arm has callers. */
export interface Bed {
  readonly on: Eventing;
  readonly store: EventStore;
  readonly pool: pg.Pool;
  readonly url: string;
  /** URL of an empty database for another store. */
  otherDatabase(): Promise<string>;
  stop(): Promise<void>;
}

export const CALLERS = 64;

/** @throws RangeError when the server does not keep what it has acknowledged: such figures would say nothing */
export async function makeBed(): Promise<Bed> {
  const server = await startPostgres();
  const on = await eventingOn({ url: server.url(), drop: async () => {} });
  await assertDurable(on.pool);
  const pool = createPool({ url: server.url(), applicationName: "bench", max: CALLERS });
  await pool.query("CREATE TABLE raw (data jsonb NOT NULL)");
  return {
    on,
    pool,
    store: new EventStore(pool, { schema: SCHEMA, clock: systemClock, ids: uuidV7Factory(systemClock) }),
    url: server.url(),
    otherDatabase: async () => {
      await pool.query("CREATE DATABASE other");
      return server.url("other");
    },
    stop: async () => {
      await pool.end();
      await on.close();
      await server.stop();
    },
  };
}

async function assertDurable(pool: pg.Pool): Promise<void> {
  for (const setting of ["fsync", "synchronous_commit", "full_page_writes"]) {
    const { rows } = await pool.query<{ value: string }>("SELECT current_setting($1) AS value", [setting]);
    if (rows[0]?.value !== "on") throw new RangeError(`${setting} must be on, and is ${rows[0]?.value}`);
  }
}
