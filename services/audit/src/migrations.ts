/** The audit schema: the stream, its head and how far it has gone out. */
export const auditTables = `
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
