import type { SqlMigration } from "#platform/database/migrate.js";
import { eventStoreMigrations } from "#platform/event-store/migrations.js";

/** Schema of the vault service. */
export const VAULT_SCHEMA = "vault";

const createVault = `
CREATE TABLE vault.session_key (
  key_ref uuid PRIMARY KEY,
  session_id uuid NOT NULL UNIQUE,
  account text NOT NULL CHECK (account ~ '^0x[0-9a-f]{40}$'),
  chain_id numeric(78) NOT NULL,
  module text NOT NULL CHECK (module ~ '^0x[0-9a-f]{40}$'),
  owners text[] NOT NULL,
  threshold integer NOT NULL CHECK (threshold > 0),
  key_gen integer NOT NULL CHECK (key_gen > 0),
  pubkey bytea NOT NULL,
  address text NOT NULL,
  v smallint NOT NULL,
  alg text NOT NULL,
  provider text NOT NULL,
  kek_version integer NOT NULL,
  dek_salt bytea NOT NULL,
  dek_iv bytea NOT NULL,
  wrapped_dek bytea NOT NULL,
  iv bytea NOT NULL,
  encrypted_key bytea NOT NULL,
  commitment bytea NOT NULL,
  floor_hash bytea NOT NULL,
  state text NOT NULL CHECK (state IN ('generated', 'sealed', 'disarmed', 'quarantined')),
  generation integer NOT NULL CHECK (generation >= key_gen),
  floor text,
  policy_id text,
  policy_hash text,
  usage jsonb NOT NULL,
  stream_version integer NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT session_key_sealed_has_floor CHECK (state <> 'sealed' OR (floor IS NOT NULL AND policy_id IS NOT NULL)),
  -- A fenced row holds no key: the destruction is a rule of the table, not only of the code.
  CONSTRAINT session_key_fence CHECK (state <> 'disarmed' OR (generation > key_gen AND length(wrapped_dek) = 0 AND length(encrypted_key) = 0))
);

CREATE TABLE vault.signature (
  key_ref uuid NOT NULL REFERENCES vault.session_key (key_ref),
  nonce numeric(78) NOT NULL,
  digest bytea NOT NULL,
  execution_id text NOT NULL,
  deadline numeric(15) NOT NULL,
  generation integer NOT NULL,
  signature bytea,
  counted_at timestamptz NOT NULL,
  CONSTRAINT signature_nonce PRIMARY KEY (key_ref, nonce)
);

CREATE TABLE vault.ticket (
  jti text PRIMARY KEY,
  key_ref uuid NOT NULL,
  digest bytea NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX ticket_by_expiry ON vault.ticket (expires_at);
`;

const createKeks = `
-- What operators decided about versions of the key-encryption key; one row.
CREATE TABLE vault.kek_limits (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  active_version integer NOT NULL DEFAULT 1,
  min_decrypt_version integer NOT NULL DEFAULT 1,
  destroyed integer[] NOT NULL DEFAULT '{}',
  stream_version integer NOT NULL DEFAULT 0
);
INSERT INTO vault.kek_limits DEFAULT VALUES;

-- The one rewrap there is. What is left of it is counted, not remembered, so a crash loses nothing.
CREATE TABLE vault.rewrap (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  state text NOT NULL DEFAULT 'none' CHECK (state IN ('none', 'running', 'paused', 'done')),
  target_version integer NOT NULL DEFAULT 1,
  total integer NOT NULL DEFAULT 0,
  rows_per_second integer NOT NULL DEFAULT 0,
  worker uuid,
  lease_until timestamptz
);
INSERT INTO vault.rewrap DEFAULT VALUES;
CREATE INDEX session_key_by_kek ON vault.session_key (kek_version, key_ref) WHERE state IN ('generated', 'sealed');
`;

/** Every step of the schema's life, in order. */
export const migrations: readonly SqlMigration[] = [
  ...eventStoreMigrations(VAULT_SCHEMA),
  { name: "CreateVault", timestamp: 1_763_000_002_001, sql: createVault },
  { name: "CreateKeks", timestamp: 1_763_000_002_002, sql: createKeks },
];
