import { identifier } from "../database/identifier.js";
import type { SqlMigration } from "../database/migrate.js";

/**
 * The event store's tables in `schema`.
 * `event` is only ever added to; it is its own outbox. `log_entry` gives each committed event its dense position and the bytes that are
 * published. `log_head` holds one row: the sequencer's fencing term, how far it came, and how far was published.
 */
export function eventStoreMigrations(schema: string): SqlMigration[] {
  const s = identifier(schema);
  return [
    { name: "CreateEventStore", timestamp: 1_763_000_000_001, sql: createEventStore(s) },
    { name: "CreateConsumers", timestamp: 1_763_000_000_003, sql: createConsumers(s) },
    // A row without a result is an attempt under way.
    { name: "KeepAttempts", timestamp: 1_763_000_000_004, sql: `ALTER TABLE ${s}.idempotency ALTER COLUMN result DROP NOT NULL` },
  ];
}

const createConsumers = (s: string) => `
CREATE TABLE ${s}.projection_checkpoint (
  name text PRIMARY KEY,
  position bigint NOT NULL DEFAULT 0
);
CREATE TABLE ${s}.parked (
  consumer text NOT NULL,
  sequence text NOT NULL,
  place bigint NOT NULL,
  payload jsonb NOT NULL,
  reason text NOT NULL,
  parked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, sequence, place)
);
CREATE TABLE ${s}.idempotency (
  scope text NOT NULL,
  key text NOT NULL,
  fingerprint bytea NOT NULL,
  result jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_by_age ON ${s}.idempotency (created_at);
`;

const createEventStore = (s: string) => `
CREATE TABLE ${s}.event (
  stream text COLLATE "C" NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  id uuid NOT NULL,
  type text NOT NULL,
  data jsonb NOT NULL,
  metadata jsonb NOT NULL,
  recorded_at timestamptz NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  CONSTRAINT event_pkey PRIMARY KEY (stream, version)
);
CREATE INDEX event_by_transaction ON ${s}.event (xid);

CREATE FUNCTION ${s}.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'events are never changed or deleted' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER event_is_append_only BEFORE DELETE OR UPDATE OF stream, version, id, type, data, metadata, recorded_at
  ON ${s}.event FOR EACH ROW EXECUTE FUNCTION ${s}.refuse_change();

CREATE TABLE ${s}.log_entry (
  position bigint PRIMARY KEY,
  stream text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  partition_key text NOT NULL,
  headers jsonb NOT NULL,
  bytes bytea NOT NULL,
  CONSTRAINT log_entry_once UNIQUE (stream, version)
);
CREATE TRIGGER log_entry_is_append_only BEFORE DELETE OR UPDATE ON ${s}.log_entry FOR EACH ROW EXECUTE FUNCTION ${s}.refuse_change();

CREATE TABLE ${s}.log_head (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  term bigint NOT NULL DEFAULT 0,
  position bigint NOT NULL DEFAULT 0,
  published bigint NOT NULL DEFAULT 0 CHECK (published <= position),
  last_hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
  floor xid8 NOT NULL DEFAULT '0'::xid8,
  cluster text NOT NULL DEFAULT ''
);
INSERT INTO ${s}.log_head DEFAULT VALUES;
`;
