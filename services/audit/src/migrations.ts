import type { SqlMigration } from "#platform/database/migrate.js";
import { eventStoreMigrations } from "#platform/event-store/migrations.js";

export const AUDIT_SCHEMA = "audit";

/** The stream, its head and how far it has gone out. */
const createStream = `
CREATE TABLE audit.entry (
  log_index bigint PRIMARY KEY,
  source text NOT NULL,
  sequence bigint NOT NULL,
  event_id text NOT NULL,
  type text NOT NULL,
  partition_key text NOT NULL,
  hash text NOT NULL,
  event bytea NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (source, sequence)
);
CREATE TABLE audit.head (one boolean PRIMARY KEY DEFAULT true CHECK (one), next bigint NOT NULL);
INSERT INTO audit.head (next) VALUES (0);
CREATE TABLE audit.outgoing (one boolean PRIMARY KEY DEFAULT true CHECK (one), published bigint NOT NULL);
INSERT INTO audit.outgoing (published) VALUES (0);
`;

/** Steps of the schema's life, in order. */
export const migrations: readonly SqlMigration[] = [
  ...eventStoreMigrations(AUDIT_SCHEMA),
  { name: "CreateAuditStream", timestamp: 1_763_000_001_001, sql: createStream },
];
