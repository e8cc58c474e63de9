import { identifier } from "../database/identifier.js";
import type { NamedStatement } from "./statements.js";

export interface LogStatements {
  readonly candidates: NamedStatement;
  readonly write: NamedStatement;
  readonly entries: NamedStatement;
  readonly published: NamedStatement;
}

/** The sequencer's statements for `schema`. */
export function logStatements(schema: string): LogStatements {
  const s = identifier(schema);
  return {
    // Below the snapshot's xmin every transaction is over: nothing can still appear there, so no position is given too early.
    candidates: {
      name: `${s}_log_candidates`,
      text: `SELECT e.stream, e.version, e.id, e.type, e.data, e.metadata, e.recorded_at, e.xid::text AS xid,
          pg_snapshot_xmin(pg_current_snapshot())::text AS xmin,
          e.version = 1 OR EXISTS (
            SELECT FROM ${s}.log_entry p WHERE p.stream = e.stream AND p.version = e.version - 1) AS predecessor_sequenced
        FROM ${s}.event e
        WHERE e.xid >= $1::text::xid8 AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
          AND NOT EXISTS (SELECT FROM ${s}.log_entry l WHERE l.stream = e.stream AND l.version = e.version)
        ORDER BY e.xid LIMIT $2`,
    },
    // The head row is the fence: a leader whose term is over matches no row, and then inserts none.
    write: {
      name: `${s}_log_write`,
      text: `WITH head AS (
          UPDATE ${s}.log_head SET position = position + $3::bigint, last_hash = $4, floor = $5::text::xid8
          WHERE term = $1 AND position = $2 RETURNING 1)
        INSERT INTO ${s}.log_entry (position, stream, version, partition_key, headers, bytes)
        SELECT $2::bigint + n, stream, version, partition_key, headers, substring($11::bytea FROM start FOR size)
        FROM head, unnest($6::text[], $7::integer[], $8::text[], $9::jsonb[], $10::integer[], $12::integer[])
          WITH ORDINALITY AS e (stream, version, partition_key, headers, start, size, n)`,
    },
    // As text: the driver would get bytea as twice as many hexadecimal digits.
    entries: {
      name: `${s}_log_entries`,
      text: `SELECT position, stream, version, partition_key, headers, convert_from(bytes, 'UTF8') AS text
        FROM ${s}.log_entry WHERE position > $1 ORDER BY position LIMIT $2`,
    },
    published: {
      name: `${s}_log_published`,
      text: `UPDATE ${s}.log_head SET published = $3 WHERE term = $1 AND published = $2`,
    },
  };
}
