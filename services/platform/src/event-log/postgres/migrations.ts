import { identifier } from "../../database/identifier.js";
import type { SqlMigration } from "../../database/migrate.js";

/** The tables of the event log that Postgres serves, by default in the schema `eventlog`. */
export function eventLogMigrations(schema = "eventlog"): SqlMigration[] {
  return [{ name: "CreateEventLog", timestamp: 1_763_000_000_002, sql: createEventLog(identifier(schema)) }];
}

const createEventLog = (s: string) => `
CREATE TABLE ${s}.partition_head (
  topic text NOT NULL,
  partition integer NOT NULL CHECK (partition >= 0),
  next_offset bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (topic, partition)
);
CREATE TABLE ${s}.record (
  topic text NOT NULL,
  partition integer NOT NULL,
  "offset" bigint NOT NULL,
  key text NOT NULL,
  headers jsonb NOT NULL,
  value bytea NOT NULL,
  PRIMARY KEY (topic, partition, "offset")
);
CREATE TABLE ${s}.group_member (
  "group" text NOT NULL,
  member uuid NOT NULL,
  topics text[] NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY ("group", member)
);
CREATE TABLE ${s}.group_lease (
  "group" text NOT NULL,
  topic text NOT NULL,
  partition integer NOT NULL,
  "offset" bigint NOT NULL,
  owner uuid,
  term bigint NOT NULL DEFAULT 0,
  expires_at timestamptz,
  PRIMARY KEY ("group", topic, partition)
);
`;
