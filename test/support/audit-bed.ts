import type pg from "pg";
import { migrate } from "#platform/database/migrate.js";
import { createPool } from "#platform/database/pool.js";
import type { ReceivedRecord } from "#platform/event-log/event-log.js";
import { eventLogMigrations } from "#platform/event-log/postgres/migrations.js";
import { PostgresEventLog } from "#platform/event-log/postgres/postgres-event-log.js";
import { sourceOf } from "#platform/event-store/cloud-event.js";
import { systemRandom } from "#platform/kernel/random.js";
import { PARTITIONS } from "#platform/producer/open-event-log.js";
import { type RunningService, startService } from "#platform/runtime/start-service.js";
import { signerText } from "#platform/transparency-log/note-key.js";
import { AUDIT_SCHEMA, migrations } from "../../services/audit/src/migrations.js";
import { service } from "../../services/audit/src/service.js";
import { SCHEMA } from "./event-data.js";
import { createTestDatabase, type TestDatabase } from "./test-database.js";
import { type TestTrust, testTrust } from "./test-trust.js";

/** A real audit service on a real database, and the topics on both of its sides. */
export interface AuditBed {
  /** `postgres://` URL of its database. */
  readonly url: string;
  readonly pool: pg.Pool;
  readonly log: PostgresEventLog;
  start(more?: Readonly<Record<string, string>>): Promise<RunningService>;
  /** Keys of the services, as the audit service has them pinned. */
  readonly trust: TestTrust;
  /** The note signing key the service is started with. */
  readonly logKey: string;
  /** What has gone out on `audit.v1`, oldest first. */
  published(): Promise<readonly ReceivedRecord[]>;
  close(): Promise<void>;
}

/** Producers that tests make up: their events enter without a signature, unless a test asks for it with UNSIGNED_PRODUCERS. */
const UNSIGNED = ["test", "auth", "permissions", "relay", "vault", SCHEMA].map(sourceOf);

/** @param given a database that is there already; default: one of the test run's Postgres */
export async function auditBed(given?: TestDatabase): Promise<AuditBed> {
  const database = given ?? (await createTestDatabase());
  await migrate({ url: database.url, schema: AUDIT_SCHEMA, migrations });
  await migrate({ url: database.url, schema: "eventlog", migrations: eventLogMigrations() });
  const trust = await testTrust();
  const pool = createPool({ url: database.url, applicationName: "audit bed", max: 8, onIdleError: () => undefined });
  const log = new PostgresEventLog({ pool, random: systemRandom, partitions: (topic) => PARTITIONS[topic] ?? 6 });
  const logKey = signerText("interlock.test/audit", 1, systemRandom.bytes(32));
  const running: RunningService[] = [];
  return {
    url: database.url,
    pool,
    log,
    trust,
    logKey,
    start: async (more = {}) => {
      const log = { EVENT_LOG_URL: database.url, LOG_KEY: logKey, UNSIGNED_PRODUCERS: UNSIGNED.join(",") };
      const env = { ...trust.environment("audit"), DATABASE_URL: database.url, ...log, ...more };
      const started = await startService(service, { env });
      running.push(started);
      return started;
    },
    published: () => log.read({ topic: "audit.v1", partition: 0, fromOffset: 0n, limit: 10_000 }),
    close: async () => {
      for (const one of running) await one.stop();
      await log.close();
      await pool.end();
      await database.drop();
    },
  };
}
