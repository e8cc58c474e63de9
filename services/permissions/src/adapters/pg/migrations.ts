import { identifier } from "#platform/database/identifier.js";
import type { SqlMigration } from "#platform/database/migrate.js";
import { eventStoreMigrations } from "#platform/event-store/migrations.js";

/** The service's schema and role. */
export const SCHEMA = "permissions";

/**
 * `session_index` is what lists are made of, written in the append's own transaction. Row-level security holds every query to the
 * accounts in `app.accounts` (or to all of them, for the service's own work): a forgotten WHERE shows nothing. FORCE, because the
 * service's role owns the table.
 */
export function permissionsMigrations(schema = SCHEMA): SqlMigration[] {
  return [
    ...eventStoreMigrations(schema),
    { name: "CreateSessionIndex", timestamp: 1_763_000_100_001, sql: createTables(identifier(schema)) },
    // Answers are kept in the event store's own table.
    { name: "DropKeptAnswer", timestamp: 1_763_000_100_002, sql: `DROP TABLE ${identifier(schema)}.kept_answer` },
  ];
}

const createTables = (s: string) => `
CREATE TABLE ${s}.session_index (
  session_id uuid PRIMARY KEY,
  account text COLLATE "C" NOT NULL,
  chain_id numeric NOT NULL,
  phase text NOT NULL,
  fence text NOT NULL,
  owners text[] NOT NULL,
  ends_at bigint NOT NULL,
  version integer NOT NULL
);
CREATE INDEX session_index_by_account ON ${s}.session_index (account, session_id);
CREATE INDEX session_index_overdue ON ${s}.session_index (ends_at) WHERE phase IN ('drafted', 'armed');
CREATE INDEX session_index_unfenced ON ${s}.session_index (session_id) WHERE fence = 'pending';

ALTER TABLE ${s}.session_index ENABLE ROW LEVEL SECURITY;
ALTER TABLE ${s}.session_index FORCE ROW LEVEL SECURITY;
CREATE POLICY session_index_scope ON ${s}.session_index USING (
  current_setting('app.scope', true) = 'service'
  OR account = ANY (string_to_array(current_setting('app.accounts', true), ','))
);

CREATE TABLE ${s}.grant_signature (
  session_id uuid NOT NULL,
  owner text NOT NULL,
  signature text NOT NULL,
  PRIMARY KEY (session_id, owner)
);

CREATE TABLE ${s}.kept_answer (
  principal text NOT NULL,
  key text NOT NULL,
  fingerprint text NOT NULL,
  answer jsonb,
  begun_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (principal, key)
);
`;
