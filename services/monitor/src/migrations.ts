import type { SqlMigration } from "#platform/database/migrate.js";
import { eventStoreMigrations } from "#platform/event-store/migrations.js";

export const MONITOR_SCHEMA = "monitor";

/** Steps of the schema's life, in order. */
export const migrations: readonly SqlMigration[] = [
  ...eventStoreMigrations(MONITOR_SCHEMA),
  {
    name: "CreateCursor",
    timestamp: 1_763_000_001_001,
    sql: "CREATE TABLE monitor.cursor (chain_id bigint PRIMARY KEY, block bigint NOT NULL)",
  },
];
