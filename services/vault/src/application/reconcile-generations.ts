import type pg from "pg";

/**
 * Compares every key with its event stream before this process signs anything: a row that is older than its stream, or alive although its
 * DISARM is on the stream, comes from a restored backup and is quarantined. Returns how many were.
 */
export async function reconcileGenerations(pool: pg.Pool): Promise<number> {
  const { rowCount } = await pool.query(`
    UPDATE vault.session_key AS k SET state = 'quarantined'
    WHERE k.state IN ('generated', 'sealed') AND EXISTS (
      SELECT FROM vault.event AS e WHERE e.stream = 'key-' || k.key_ref::text AND (e.version > k.stream_version OR e.type = 'key.disarmed.v1')
    )`);
  return rowCount ?? 0;
}
