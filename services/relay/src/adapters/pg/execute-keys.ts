import type pg from "pg";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { forgetOldRows } from "#platform/idempotency/forget-old-rows.js";

export interface ExecuteKey {
  /** `chainId:0xaddress`: keys of different accounts never meet. */
  readonly account: string;
  readonly key: string;
  /** SHA-256 of the canonical request, hex. */
  readonly fingerprint: string;
}

/** Forgets up to `limit` keys that were first used before `time`, the oldest first; their executions stay. Returns how many. */
export function forgetKeysBefore(pool: pg.Pool, time: Date, limit: number): Promise<number> {
  return forgetOldRows(pool, "relay.execute_key", time, limit);
}

/**
 * The execution that a key which is taken began.
 * @throws InterlockError IDEMPOTENCY_KEY_REUSED for the same key with another request
 */
export async function executionOfKey(tx: pg.PoolClient, { account, key, fingerprint }: ExecuteKey): Promise<string> {
  const { rows } = await tx.query<{ fingerprint: string; execution_id: string }>({
    name: "relay_find_key",
    text: "SELECT fingerprint, execution_id FROM relay.execute_key WHERE account = $1 AND key = $2",
    values: [account, key],
  });
  const [known] = rows;
  if (known === undefined) throw new InterlockError("IDEMPOTENCY_KEY_IN_FLIGHT", "this Idempotency-Key is in use right now");
  if (known.fingerprint !== fingerprint)
    throw new InterlockError("IDEMPOTENCY_KEY_REUSED", "this Idempotency-Key was used with another request", {
      details: { field: "idempotency_key" },
    });
  return known.execution_id;
}
