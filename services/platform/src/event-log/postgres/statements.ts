import { identifier } from "../../database/identifier.js";
import type { NamedStatement } from "../../event-store/statements.js";

/** The event log's statements for `schema`; `$1` is the topic or the group. */
export function eventLogStatements(schema: string) {
  const s = identifier(schema);
  const named = (name: string, text: string): NamedStatement => ({ name: `${s}_${name}`, text });
  return {
    createPartitions: named(
      "create_partitions",
      `INSERT INTO ${s}.partition_head (topic, partition) SELECT $1::text, p FROM generate_series(0, $2::integer - 1) p
       WHERE NOT EXISTS (SELECT FROM ${s}.partition_head WHERE topic = $1) ON CONFLICT DO NOTHING`,
    ),
    // The head rows are locked until the commit, in one order for all: offsets become visible in their order, without gaps.
    publish: named(
      "publish",
      `WITH counts AS (SELECT p AS partition, count(*) AS n FROM unnest($2::integer[]) p GROUP BY p),
        locked AS (
          SELECT h.partition FROM ${s}.partition_head h JOIN counts USING (partition)
          WHERE h.topic = $1 ORDER BY h.partition FOR UPDATE OF h),
        heads AS (
          UPDATE ${s}.partition_head h SET next_offset = h.next_offset + c.n FROM counts c JOIN locked USING (partition)
          WHERE h.topic = $1 AND h.partition = c.partition RETURNING h.partition, h.next_offset - c.n AS base)
      INSERT INTO ${s}.record (topic, partition, "offset", key, headers, value)
      SELECT $1::text, r.partition, base + row_number() OVER (PARTITION BY r.partition ORDER BY n) - 1, key, headers,
        substring($7::bytea FROM start FOR size)
      FROM unnest($2::integer[], $3::text[], $4::jsonb[], $5::integer[], $6::integer[])
        WITH ORDINALITY AS r (partition, key, headers, start, size, n)
      JOIN heads USING (partition)`,
    ),
    read: named(
      "read_records",
      `SELECT "offset", key, headers, encode(value, 'base64') AS value FROM ${s}.record
       WHERE topic = $1 AND partition = $2 AND "offset" >= $3 ORDER BY "offset" LIMIT $4`,
    ),
    ends: named("partition_ends", `SELECT next_offset FROM ${s}.partition_head WHERE topic = $1 ORDER BY partition`),
    join: named(
      "join",
      `INSERT INTO ${s}.group_member ("group", member, topics, expires_at)
       VALUES ($1, $2, $3, clock_timestamp() + $4::integer * interval '1 millisecond')
       ON CONFLICT ("group", member) DO UPDATE SET expires_at = excluded.expires_at, topics = excluded.topics`,
    ),
    leave: named("leave", `DELETE FROM ${s}.group_member WHERE "group" = $1 AND (member = $2 OR expires_at < clock_timestamp())`),
    members: named(
      "members",
      `SELECT member FROM ${s}.group_member WHERE "group" = $1 AND $2 = ANY (topics) AND expires_at > clock_timestamp() ORDER BY member`,
    ),
    createLeases: named(
      "create_leases",
      `INSERT INTO ${s}.group_lease ("group", topic, partition, "offset")
       SELECT $1::text, topic, partition, CASE WHEN $3::boolean THEN next_offset ELSE 0 END FROM ${s}.partition_head WHERE topic = $2
       ON CONFLICT DO NOTHING`,
    ),
    partitions: named("partitions", `SELECT partition FROM ${s}.partition_head WHERE topic = $1 ORDER BY partition`),
    // A new term for each new owner: what the one before still commits misses the row.
    claim: named(
      "claim",
      `UPDATE ${s}.group_lease SET owner = $4, term = term + 1, expires_at = clock_timestamp() + $5::integer * interval '1 millisecond'
       WHERE "group" = $1 AND topic = $2 AND partition = $3 AND (owner IS NULL OR expires_at < clock_timestamp())
       RETURNING term, "offset"`,
    ),
    renew: named(
      "renew",
      `UPDATE ${s}.group_lease SET expires_at = clock_timestamp() + $5::integer * interval '1 millisecond'
       WHERE "group" = $1 AND topic = $2 AND partition = $3 AND term = $4 AND owner IS NOT NULL`,
    ),
    commit: named(
      "commit",
      `UPDATE ${s}.group_lease SET "offset" = $5 WHERE "group" = $1 AND topic = $2 AND partition = $3 AND term = $4 AND owner IS NOT NULL`,
    ),
    release: named(
      "release",
      `UPDATE ${s}.group_lease SET owner = NULL, expires_at = NULL WHERE "group" = $1 AND topic = $2 AND partition = $3 AND term = $4`,
    ),
  };
}

export type EventLogStatements = ReturnType<typeof eventLogStatements>;
