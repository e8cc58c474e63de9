import type pg from "pg";
import { InterlockError } from "#platform/errors/interlock-error.js";

export interface ExecuteKey {
  /** `chainId:0xaddress`: keys of different accounts never meet. */
  readonly account: string;
  readonly key: string;
  /** SHA-256 of the canonical request, hex. */
  readonly fingerprint: string;
}

/**
 * Claims an Idempotency-Key for `executionId` inside `tx`. The key and the execution it began are one commit, so a second request with
 * the same key waits for the first one's end and then finds its answer.
 * @returns the execution the key began before, or undefined when it is ours now
 * @throws InterlockError IDEMPOTENCY_KEY_REUSED for the same key with another request
 */
export async function claimExecuteKey(tx: pg.PoolClient, claim: ExecuteKey, executionId: string): Promise<string | undefined> {
  const { account, key, fingerprint } = claim;
  const { rowCount } = await tx.query({
    name: "relay_claim_key",
    text: "INSERT INTO relay.execute_key (account, key, fingerprint, execution_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    values: [account, key, fingerprint, executionId],
  });
  if (rowCount === 1) return undefined;
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
