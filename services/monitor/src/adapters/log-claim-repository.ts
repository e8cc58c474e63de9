import type { Pool } from "pg";
import type { Hex } from "viem";
import type { LogClaim, LoggedSession } from "../domain/reconcile/log-claim.js";
import { BORNE_OUT } from "./reconcile-statements.js";

interface ClaimRow {
  readonly event_id: string;
  readonly type: string;
  readonly account: string;
  readonly transaction_hash: Hex;
  readonly block_number: string | null;
  readonly block_hash: Hex | null;
}

const toClaim = (row: ClaimRow): LogClaim => ({
  eventId: row.event_id,
  type: row.type,
  account: row.account,
  transactionHash: row.transaction_hash,
  blockNumber: row.block_number === null ? undefined : BigInt(row.block_number),
  blockHash: row.block_hash ?? undefined,
});

/** What the log said. Noting an entry twice is noting it once. */
export class LogClaimRepository {
  constructor(private readonly pool: Pool) {}

  async noteAccount(account: string): Promise<void> {
    await this.pool.query("INSERT INTO monitor.logged_account (account) VALUES ($1) ON CONFLICT DO NOTHING", [account]);
  }

  async noteClaim({ eventId, type, account, transactionHash, blockNumber, blockHash }: LogClaim): Promise<void> {
    const text = `INSERT INTO monitor.log_claim (event_id, type, account, transaction_hash, block_number, block_hash)
      VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`;
    await this.pool.query(text, [eventId, type, account, transactionHash, blockNumber?.toString() ?? null, blockHash ?? null]);
  }

  async noteSession({ sessionId, account, policyId, key, over }: LoggedSession): Promise<void> {
    const text = `INSERT INTO monitor.logged_session AS s (session_id, account, policy_id, session_key, over) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (session_id) DO UPDATE SET policy_id = coalesce(s.policy_id, excluded.policy_id),
        session_key = coalesce(s.session_key, excluded.session_key), over = s.over OR excluded.over`;
    await this.pool.query(text, [sessionId, account, policyId ?? null, key ?? null, over]);
  }

  /** Settles every claim the chain bears out. */
  async settle(): Promise<void> {
    await this.pool.query(`UPDATE monitor.log_claim c SET state = 'onchain' WHERE state = 'open' AND ${BORNE_OUT}`);
  }

  /** Claims the chain was to bear out by now: of blocks up to `upTo`, noted `graceMs` ago at least. */
  async overdue(upTo: bigint, graceMs: number): Promise<readonly LogClaim[]> {
    const text = `SELECT * FROM monitor.log_claim WHERE state = 'open' AND (block_number IS NULL OR block_number <= $1)
      AND noted_at <= clock_timestamp() - make_interval(secs => $2::float8 / 1000) ORDER BY noted_at LIMIT 50`;
    return (await this.pool.query<ClaimRow>(text, [upTo.toString(), graceMs])).rows.map(toClaim);
  }

  async mark(eventId: string, state: "onchain" | "refuted"): Promise<void> {
    await this.pool.query("UPDATE monitor.log_claim SET state = $2 WHERE event_id = $1", [eventId, state]);
  }

  /** The log itself has taken these back. */
  async withdraw({ transactionHash, blockHash }: { readonly transactionHash: Hex; readonly blockHash: Hex }): Promise<void> {
    const text = "UPDATE monitor.log_claim SET state = 'withdrawn' WHERE transaction_hash = $1 AND block_hash = $2";
    await this.pool.query(text, [transactionHash, blockHash]);
  }

  /** Claims of a block that is gone are looked at again. */
  async reopen(blockHash: string): Promise<void> {
    await this.pool.query("UPDATE monitor.log_claim SET state = 'open' WHERE block_hash = $1 AND state = 'onchain'", [blockHash]);
  }
}
