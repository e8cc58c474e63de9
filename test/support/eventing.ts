import { randomUUID } from "node:crypto";
import type pg from "pg";
import { migrate } from "../../services/platform/src/database/migrate.js";
import { createPool } from "../../services/platform/src/database/pool.js";
import { eventLogMigrations } from "../../services/platform/src/event-log/postgres/migrations.js";
import { EventStore } from "../../services/platform/src/event-store/event-store.js";
import { eventStoreMigrations } from "../../services/platform/src/event-store/migrations.js";
import { Sequencer, type SequencerOptions } from "../../services/platform/src/event-store/sequencer.js";
import { systemClock } from "../../services/platform/src/kernel/clock.js";
import { uuidV7Factory } from "../../services/platform/src/kernel/ids.js";
import { systemRandom } from "../../services/platform/src/kernel/random.js";
import { SCHEMA } from "./event-data.js";
import { createTestDatabase, type TestDatabase } from "./test-database.js";

/** An event store on a database of its own. */
export interface Eventing {
  readonly url: string;
  readonly schema: string;
  readonly pool: pg.Pool;
  readonly store: EventStore;
  /** A stream nobody else uses. */
  stream(): string;
  sequencer(options?: Partial<SequencerOptions>): Sequencer;
  close(): Promise<void>;
}

/** A migrated database of the test run's Postgres, with an event store and the postgres event log in it. */
export async function eventing(): Promise<Eventing> {
  return eventingOn(await createTestDatabase());
}

/** As `eventing`, in a database that is there already and empty. */
export async function eventingOn(database: TestDatabase): Promise<Eventing> {
  await migrate({ url: database.url, schema: SCHEMA, migrations: eventStoreMigrations(SCHEMA) });
  await migrate({ url: database.url, schema: "eventlog", migrations: eventLogMigrations() });
  const pool = createPool({ url: database.url, applicationName: "test", max: 40 });
  const running = new Set<Sequencer>();
  return {
    url: database.url,
    schema: SCHEMA,
    pool,
    store: new EventStore(pool, { schema: SCHEMA, clock: systemClock, ids: uuidV7Factory(systemClock) }),
    stream: () => `session-${randomUUID()}`,
    sequencer: (options = {}) => {
      const made = new Sequencer(pool, {
        schema: SCHEMA,
        env: { cluster: "test", service: SCHEMA, version: "0.0.0" },
        clock: systemClock,
        random: systemRandom,
        ...options,
      });
      running.add(made);
      return made;
    },
    close: async () => {
      await Promise.all([...running].map((sequencer) => sequencer.stop()));
      await pool.end();
      await database.drop();
    },
  };
}
