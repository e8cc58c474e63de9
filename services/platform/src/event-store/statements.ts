import { identifier } from "../database/identifier.js";

/** A statement the server plans once per connection. */
export interface NamedStatement {
  readonly name: string;
  readonly text: string;
}

export interface EventStoreStatements {
  readonly appendOne: NamedStatement;
  readonly appendMany: NamedStatement;
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
