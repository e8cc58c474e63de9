import type { SqlMigration } from "#platform/database/migrate.js";
import { eventStoreMigrations } from "#platform/event-store/migrations.js";

/** Schema of the auth service. */
export const AUTH_SCHEMA = "auth";

const createAuth = `
CREATE TABLE auth.login_nonce (
  hash bytea PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
CREATE INDEX login_nonce_by_expiry ON auth.login_nonce (expires_at);

CREATE TABLE auth.login (
  id uuid PRIMARY KEY,
  mode text NOT NULL CHECK (mode IN ('web', 'token')),
  chain_id bigint NOT NULL,
  subject text NOT NULL CHECK (subject ~ '^0x[0-9a-f]{40}$'),
  method text NOT NULL CHECK (method IN ('siwe-eoa', 'siwe-erc1271', 'siwe-safe')),
  web_session_hash bytea UNIQUE,
  proof_hash bytea,
  proof_signature bytea,
  proof_verified_at timestamptz,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  end_reason text,
  CONSTRAINT login_web_has_session CHECK ((mode = 'web') = (web_session_hash IS NOT NULL)),
  CONSTRAINT login_contract_has_proof CHECK ((method = 'siwe-eoa') = (proof_verified_at IS NULL))
);
CREATE INDEX login_by_expiry ON auth.login (expires_at);

CREATE TABLE auth.refresh_token (
  hash bytea PRIMARY KEY,
  login_id uuid NOT NULL REFERENCES auth.login (id) ON DELETE CASCADE,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX refresh_token_by_login ON auth.refresh_token (login_id);

CREATE TABLE auth.login_collection (
  message_hash bytea PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
CREATE TABLE auth.login_signature (
  message_hash bytea NOT NULL REFERENCES auth.login_collection (message_hash) ON DELETE CASCADE,
  owner text NOT NULL CHECK (owner ~ '^0x[0-9a-f]{40}$'),
  signature bytea NOT NULL,
  PRIMARY KEY (message_hash, owner)
);

CREATE TABLE auth.account_link (
  wallet text NOT NULL CHECK (wallet ~ '^0x[0-9a-f]{40}$'),
  account text NOT NULL,
  verified_at timestamptz NOT NULL,
  PRIMARY KEY (wallet, account)
);

CREATE TABLE auth.agent (
  id uuid PRIMARY KEY,
  session_id uuid NOT NULL,
  account text NOT NULL,
  owner text NOT NULL,
  public_key jsonb NOT NULL,
  label text NOT NULL,
  created_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE TABLE auth.agent_assertion (
  agent_id uuid NOT NULL REFERENCES auth.agent (id) ON DELETE CASCADE,
  jti text NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (agent_id, jti)
);
CREATE INDEX agent_assertion_by_expiry ON auth.agent_assertion (expires_at);
`;

/** Keys of personal data in events; a destroyed one leaves its version behind. */
const createSubjectKeys = `
CREATE TABLE auth.subject_key (
  subject_ref text NOT NULL CHECK (subject_ref ~ '^[0-9a-f]{64}$'),
  version int NOT NULL CHECK (version > 0),
  wrapped bytea,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  erased_at timestamptz,
  PRIMARY KEY (subject_ref, version),
  CONSTRAINT subject_key_is_there_or_erased CHECK ((wrapped IS NULL) = (erased_at IS NOT NULL))
);
CREATE INDEX agent_by_owner ON auth.agent (owner);
`;

/** Every step of the schema's life, in order. */
export const migrations: readonly SqlMigration[] = [
  ...eventStoreMigrations(AUTH_SCHEMA),
  { name: "CreateAuth", timestamp: 1_763_000_001_001, sql: createAuth },
  { name: "CreateSubjectKeys", timestamp: 1_763_000_001_002, sql: createSubjectKeys },
];
