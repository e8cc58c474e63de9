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

/** Leaf hashes instead of plain ones, the tree over them, its checkpoints, and from where on bytes are still there. */
const createLog = `
ALTER TABLE audit.entry ADD COLUMN leaf_hash bytea;
UPDATE audit.entry SET leaf_hash = sha256('\\x00'::bytea || event);
ALTER TABLE audit.entry ALTER COLUMN leaf_hash SET NOT NULL, DROP COLUMN hash, ALTER COLUMN event DROP NOT NULL,
  ALTER COLUMN event SET STORAGE EXTERNAL;
ALTER TABLE audit.head ADD COLUMN first bigint NOT NULL DEFAULT 0 CHECK (first <= next);

CREATE TABLE audit.tree (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  size bigint NOT NULL,
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  note bytea
);
INSERT INTO audit.tree (size, root) VALUES (0, sha256(''));
CREATE TABLE audit.tile (
  level smallint NOT NULL,
  index bigint NOT NULL,
  hashes bytea NOT NULL,
  PRIMARY KEY (level, index)
);
ALTER TABLE audit.tile ALTER COLUMN hashes SET STORAGE EXTERNAL;
CREATE TABLE audit.checkpoint (
  size bigint PRIMARY KEY,
  note bytea NOT NULL,
  signed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TRIGGER checkpoint_is_append_only BEFORE DELETE OR UPDATE ON audit.checkpoint FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TABLE audit.cosignature (
  size bigint NOT NULL REFERENCES audit.checkpoint (size),
  witness text NOT NULL,
  line text NOT NULL,
  PRIMARY KEY (size, witness)
);
CREATE TABLE audit.checkpoint_published (one boolean PRIMARY KEY DEFAULT true CHECK (one), size bigint NOT NULL, at timestamptz);
INSERT INTO audit.checkpoint_published (size) VALUES (-1);
`;

/** How far each producer's events have come, and those that arrived before one they follow. */
const orderProducers = `
CREATE TABLE audit.producer (source text PRIMARY KEY, next bigint NOT NULL CHECK (next > 0));
INSERT INTO audit.producer (source, next) SELECT source, max(sequence) + 1 FROM audit.entry GROUP BY source;
CREATE TABLE audit.waiting (
  source text NOT NULL,
  sequence bigint NOT NULL,
  leaf_hash bytea NOT NULL,
  event bytea NOT NULL,
  arrived_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (source, sequence)
);
`;

/** Where each producer's chain stands, and several events that claim one number until a signature tells which one is real. */
const proveProducers = `
ALTER TABLE audit.producer ADD COLUMN last_hash bytea;
UPDATE audit.producer p SET last_hash = (
  SELECT sha256(e.event) FROM audit.entry e WHERE e.source = p.source AND e.sequence = p.next - 1);
ALTER TABLE audit.waiting ADD COLUMN head_signature text NOT NULL DEFAULT '', DROP CONSTRAINT waiting_pkey,
  ADD PRIMARY KEY (source, sequence, leaf_hash, head_signature);
`;

/** Steps of the schema's life, in order. */
export const migrations: readonly SqlMigration[] = [
  ...eventStoreMigrations(AUDIT_SCHEMA),
  { name: "CreateAuditStream", timestamp: 1_763_000_001_001, sql: createStream },
  { name: "CreateTransparencyLog", timestamp: 1_763_000_001_002, sql: createLog },
  { name: "OrderProducers", timestamp: 1_763_000_001_003, sql: orderProducers },
  { name: "ProveProducers", timestamp: 1_763_000_001_004, sql: proveProducers },
];
