import type { SqlMigration } from "#platform/database/migrate.js";
import { eventStoreMigrations } from "#platform/event-store/migrations.js";

/** Schema and role of the relay. */
export const RELAY_SCHEMA = "relay";

const CREATE = `
CREATE TABLE relay.execution (
  execution_id uuid PRIMARY KEY,
  session_id uuid NOT NULL,
  account text NOT NULL,
  status text NOT NULL,
  version integer NOT NULL,
  state jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX execution_by_account ON relay.execution (account, execution_id DESC);
CREATE INDEX execution_by_session ON relay.execution (session_id, execution_id DESC);

CREATE TABLE relay.execute_key (
  account text NOT NULL,
  key text NOT NULL,
  fingerprint text NOT NULL,
  execution_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account, key)
);
CREATE INDEX execute_key_by_age ON relay.execute_key (created_at);

CREATE TABLE relay.work (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  execution_id uuid NOT NULL,
  task text NOT NULL CHECK (task IN ('advance', 'settle', 'report')),
  detail jsonb NOT NULL,
  due_at timestamptz NOT NULL,
  lease_until timestamptz NOT NULL DEFAULT '-infinity',
  fence bigint NOT NULL DEFAULT 0,
  tries integer NOT NULL DEFAULT 0
);
CREATE INDEX work_due ON relay.work (due_at, id);
CREATE INDEX work_in_order ON relay.work (execution_id, task, id);

CREATE TABLE relay.intent_nonce (session_id uuid PRIMARY KEY, next bigint NOT NULL);

CREATE TABLE relay.nonce_ledger (
  chain_id bigint NOT NULL,
  sender text NOT NULL,
  next bigint NOT NULL CHECK (next >= 0),
  term bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (chain_id, sender)
);

CREATE TABLE relay.slot (
  chain_id bigint NOT NULL,
  sender text NOT NULL,
  nonce bigint NOT NULL,
  execution_id uuid UNIQUE,
  subject text UNIQUE,
  deadline bigint,
  unwanted boolean NOT NULL DEFAULT false,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'mined', 'final')),
  current_hash text NOT NULL,
  current_kind text NOT NULL CHECK (current_kind IN ('intent', 'void', 'arm')),
  attempted_at_block bigint NOT NULL,
  sent_at_block bigint,
  mined_hash text,
  mined_block bigint,
  mined_block_hash text,
  mined_block_time bigint,
  PRIMARY KEY (chain_id, sender, nonce)
);
CREATE INDEX slot_not_final ON relay.slot (chain_id, sender, nonce) WHERE state <> 'final';
CREATE INDEX slot_by_block ON relay.slot (chain_id, mined_block) WHERE mined_block IS NOT NULL;

CREATE TABLE relay.attempt (
  hash text PRIMARY KEY,
  chain_id bigint NOT NULL,
  sender text NOT NULL,
  nonce bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('intent', 'void', 'arm')),
  raw text NOT NULL,
  max_fee_per_gas numeric(78) NOT NULL,
  max_priority_fee_per_gas numeric(78) NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (chain_id, sender, nonce) REFERENCES relay.slot
);
CREATE INDEX attempt_by_slot ON relay.attempt (chain_id, sender, nonce);

CREATE TABLE relay.block (
  chain_id bigint NOT NULL,
  number bigint NOT NULL,
  hash text NOT NULL,
  time bigint NOT NULL,
  PRIMARY KEY (chain_id, number)
);
`;

/**
 * The relay's tables beside its event store.
 * `execution`: the folded state of each stream, written in the transaction of its events; can be rebuilt from them.
 * `execute_key`: which execution an Idempotency-Key began. `work`: what has still to be done, leased with a fence. `nonce_ledger`: the one place a nonce comes from.
 * `slot`: one leased nonce, for ever. `attempt`: every raw transaction ever signed. `block`: what the tracker has seen.
 */
export const migrations: readonly SqlMigration[] = [
  ...eventStoreMigrations(RELAY_SCHEMA),
  { name: "CreateRelay", timestamp: 1_763_500_000_001, sql: CREATE },
];
