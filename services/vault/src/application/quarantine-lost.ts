import type pg from "pg";
import type { CloudEvent } from "#platform/event-log/cloud-event-record.js";

/** Quarantines the keys that lost events are about: one of those events may have been a DISARM. They can still be disarmed. Returns how many. */
export async function quarantineLost(pool: pg.Pool, lost: readonly CloudEvent[]): Promise<number> {
  const keys = [...new Set(lost.map(({ data }) => data.keyRef).filter((keyRef) => typeof keyRef === "string"))];
  const { rowCount } = await pool.query(
    "UPDATE vault.session_key SET state = 'quarantined' WHERE key_ref = ANY ($1::uuid[]) AND state IN ('generated', 'sealed')",
    [keys],
  );
  return rowCount ?? 0;
}
