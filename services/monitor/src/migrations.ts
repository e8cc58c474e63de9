import type { SqlMigration } from "#platform/database/migrate.js";
import { eventStoreMigrations } from "#platform/event-store/migrations.js";

export const MONITOR_SCHEMA = "monitor";

/** Both sides of the comparison of chain and log, and what was made of each line. */
const createReconciliation = `
CREATE TABLE monitor.reconciled (chain_id bigint PRIMARY KEY, block bigint NOT NULL, hash text NOT NULL);
CREATE TABLE monitor.chain_fact (
  block_hash text NOT NULL,
  log_index int NOT NULL,
  block_number bigint NOT NULL,
  transaction_hash text NOT NULL,
  kind text NOT NULL,
  account text NOT NULL,
  policy_id text,
  session_key text,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'logged', 'unlogged', 'gone')),
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (block_hash, log_index)
);
CREATE INDEX chain_fact_open ON monitor.chain_fact (block_number) WHERE state IN ('open', 'unlogged');
CREATE INDEX chain_fact_transaction ON monitor.chain_fact (transaction_hash);
CREATE INDEX chain_fact_block ON monitor.chain_fact (block_number);
CREATE TABLE monitor.log_claim (
  event_id text PRIMARY KEY,
  type text NOT NULL,
  account text NOT NULL,
  transaction_hash text NOT NULL,
  block_number bigint,
  block_hash text,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'onchain', 'refuted', 'withdrawn')),
  noted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX log_claim_open ON monitor.log_claim (noted_at) WHERE state = 'open';
CREATE INDEX log_claim_transaction ON monitor.log_claim (transaction_hash);
CREATE TABLE monitor.logged_session (
  session_id text PRIMARY KEY,
  account text NOT NULL,
  policy_id text,
  session_key text,
  over boolean NOT NULL DEFAULT false
);
CREATE INDEX logged_session_account ON monitor.logged_session (account);
CREATE TABLE monitor.logged_account (account text PRIMARY KEY);
`;

/** Steps of the schema's life, in order. */
export const migrations: readonly SqlMigration[] = [
  ...eventStoreMigrations(MONITOR_SCHEMA),
  {
    name: "CreateCursor",
    timestamp: 1_763_000_001_001,
    sql: "CREATE TABLE monitor.cursor (chain_id bigint PRIMARY KEY, block bigint NOT NULL)",
  },
  { name: "CreateReconciliation", timestamp: 1_763_000_001_002, sql: createReconciliation },
];
