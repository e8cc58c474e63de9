import { identifier } from "../database/identifier.js";

/** A statement the server plans once per connection. */
export interface NamedStatement {
  readonly name: string;
  readonly text: string;
}

export interface EventStoreStatements {
  readonly appendOne: NamedStatement;
  readonly appendMany: NamedStatement;
  readonly appendEach: NamedStatement;
  readonly read: NamedStatement;
  readonly version: NamedStatement;
}

const COLUMNS = "stream, version, id, type, data, metadata, recorded_at";

/** The event store's hot statements for `schema`. A name is never given to two texts: the server would refuse the second. */
export function eventStoreStatements(schema: string): EventStoreStatements {
  const s = identifier(schema);
  return {
    // The key refuses a version that is taken; EXISTS refuses one that would leave a gap.
    appendOne: {
      name: `${s}_append_one`,
      text: `INSERT INTO ${s}.event (${COLUMNS})
        SELECT $1::text, $2::integer + 1, $3::uuid, $4::text, $5::jsonb, $6::jsonb, $7::timestamptz
        WHERE $2::integer = 0 OR EXISTS (SELECT FROM ${s}.event WHERE stream = $1 AND version = $2)`,
    },
    appendMany: {
      name: `${s}_append_many`,
      text: `INSERT INTO ${s}.event (${COLUMNS})
        SELECT $1::text, $2::integer + n::integer, id, type, data, metadata, $7::timestamptz
        FROM unnest($3::uuid[], $4::text[], $5::jsonb[], $6::jsonb[]) WITH ORDINALITY AS e (id, type, data, metadata, n)
        WHERE $2::integer = 0 OR EXISTS (SELECT FROM ${s}.event WHERE stream = $1 AND version = $2)`,
    },
    appendEach: {
      name: `${s}_append_each`,
      text: `INSERT INTO ${s}.event (${COLUMNS})
        SELECT e.stream, e.version, e.id, e.type, e.data, e.metadata, $8::timestamptz
        FROM unnest($1::text[], $2::integer[], $3::integer[], $4::uuid[], $5::text[], $6::jsonb[], $7::jsonb[])
          AS e (stream, base, version, id, type, data, metadata)
        WHERE e.base = 0 OR EXISTS (SELECT FROM ${s}.event p WHERE p.stream = e.stream AND p.version = e.base)`,
    },
    read: {
      name: `${s}_read`,
      text: `SELECT ${COLUMNS} FROM ${s}.event WHERE stream = $1 AND version >= $2 ORDER BY version`,
    },
    version: {
      name: `${s}_version`,
      text: `SELECT max(version) AS version FROM ${s}.event WHERE stream = $1`,
    },
  };
}
