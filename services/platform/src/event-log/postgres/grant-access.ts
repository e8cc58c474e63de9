import pg from "pg";
import { identifier } from "../../database/identifier.js";

export interface EventLogAccess {
  /** Role that publishes: it adds records and reads them, and can neither change nor remove one. */
  readonly producers: readonly string[];
  /** Role that publishes and is a member of consumer groups. */
  readonly consumers: readonly string[];
}

/**
 * Gives each service's own role the least it needs of the event log, so that no two services share a credential and none of them owns the
 * log. Safe to run again, also after a role was moved from consumer to producer.
 * @param ownerUrl URL of the role that owns the schema; a secret
 */
export async function grantEventLogAccess(ownerUrl: string, { producers, consumers }: EventLogAccess, schema = "eventlog"): Promise<void> {
  const s = identifier(schema);
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query("BEGIN");
    for (const role of [...producers, ...consumers].map(identifier)) {
      await client.query(`REVOKE ALL ON ALL TABLES IN SCHEMA ${s} FROM ${role}`);
      await client.query(`GRANT USAGE ON SCHEMA ${s} TO ${role}`);
      await client.query(`GRANT SELECT, INSERT ON ${s}.record, ${s}.partition_head TO ${role}`);
      await client.query(`GRANT UPDATE (next_offset) ON ${s}.partition_head TO ${role}`);
    }
    for (const role of consumers.map(identifier)) {
      await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${s}.group_member, ${s}.group_lease TO ${role}`);
    }
    await client.query("COMMIT");
  } finally {
    await client.end();
  }
}
