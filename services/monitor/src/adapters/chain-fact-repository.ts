import type { Pool, PoolClient } from "pg";
import type { Address, Hex } from "viem";
import { withTransaction } from "#platform/database/with-client.js";
import type { ChainFact, FactKind } from "../domain/reconcile/chain-fact.js";
import type { ReadTo } from "../domain/reconcile/window.js";
import { LOGGED } from "./reconcile-statements.js";

interface FactRow {
  readonly kind: FactKind;
  readonly account: Address;
  readonly policy_id: Hex | null;
  readonly transaction_hash: Hex;
  readonly block_hash: Hex;
  readonly block_number: string;
  readonly log_index: number;
}

const toFact = (row: FactRow): ChainFact => ({
  kind: row.kind,
  account: row.account,
  ...(row.policy_id === null ? {} : { policyId: row.policy_id }),
  at: {
    transactionHash: row.transaction_hash,
    blockHash: row.block_hash,
    blockNumber: BigInt(row.block_number),
    logIndex: row.log_index,
  },
});

const INSERT = `INSERT INTO monitor.chain_fact
  (block_hash, log_index, block_number, transaction_hash, kind, account, policy_id, session_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (block_hash, log_index) DO UPDATE SET state = 'open' WHERE chain_fact.state = 'gone'`;

function insert(client: Pick<PoolClient, "query">, { kind, account, policyId, key, at }: ChainFact) {
  const place = [at.blockHash, at.logIndex, at.blockNumber.toString(), at.transactionHash];
  return client.query(INSERT, [...place, kind, account.toLowerCase(), policyId ?? null, key?.toLowerCase() ?? null]);
}

/** What the chain said, and how far it was read. */
export class ChainFactRepository {
  constructor(
    private readonly pool: Pool,
    private readonly chainId: number,
  ) {}

  async readTo(): Promise<ReadTo | undefined> {
    const text = "SELECT block, hash FROM monitor.reconciled WHERE chain_id = $1";
    const { rows } = await this.pool.query<{ block: string; hash: string }>(text, [this.chainId]);
    return rows[0] === undefined ? undefined : { block: BigInt(rows[0].block), hash: rows[0].hash };
  }

  /** Keeps facts and how far was read, or neither. */
  async keep(facts: readonly ChainFact[], to: ReadTo): Promise<void> {
    await withTransaction(this.pool, async (client) => {
      for (const fact of facts) await insert(client, fact);
      const text = `INSERT INTO monitor.reconciled (chain_id, block, hash) VALUES ($1, $2, $3)
        ON CONFLICT (chain_id) DO UPDATE SET block = excluded.block, hash = excluded.hash`;
      await client.query(text, [this.chainId, to.block.toString(), to.hash]);
    });
  }

  /** Keeps facts of a transaction that was looked up by itself. */
  async add(facts: readonly ChainFact[]): Promise<void> {
    for (const fact of facts) await insert(this.pool, fact);
  }

  /** Blocks from `from` on that facts were found in. */
  async blocks(from: bigint): Promise<readonly { readonly number: bigint; readonly hash: string }[]> {
    const text = "SELECT DISTINCT block_number, block_hash FROM monitor.chain_fact WHERE block_number >= $1 AND state <> 'gone'";
    const { rows } = await this.pool.query<{ block_number: string; block_hash: string }>(text, [from.toString()]);
    return rows.map((row) => ({ number: BigInt(row.block_number), hash: row.block_hash }));
  }

  /** The facts of a block: those of accounts the log knows, when `ours`. */
  async inBlock(blockHash: string): Promise<readonly ChainFact[]> {
    const text = `SELECT f.* FROM monitor.chain_fact f WHERE block_hash = $1 AND state <> 'gone'
      AND EXISTS (SELECT FROM monitor.logged_account a WHERE a.account = f.account) ORDER BY log_index`;
    return (await this.pool.query<FactRow>(text, [blockHash])).rows.map(toFact);
  }

  async markGone(blockHash: string): Promise<void> {
    await this.pool.query("UPDATE monitor.chain_fact SET state = 'gone' WHERE block_hash = $1", [blockHash]);
  }

  /** Settles every fact the log tells of by now, also one it was late to tell of. */
  async settle(): Promise<void> {
    await this.pool.query(`UPDATE monitor.chain_fact f SET state = 'logged' WHERE state IN ('open', 'unlogged') AND ${LOGGED}`);
  }

  /** Open facts of accounts the log knows, up to block `upTo` and seen `graceMs` ago at least. */
  async overdue(upTo: bigint, graceMs: number): Promise<readonly ChainFact[]> {
    const text = `SELECT f.* FROM monitor.chain_fact f WHERE state = 'open' AND block_number <= $1
      AND seen_at <= clock_timestamp() - make_interval(secs => $2::float8 / 1000)
      AND EXISTS (SELECT FROM monitor.logged_account a WHERE a.account = f.account) ORDER BY block_number, log_index LIMIT 100`;
    return (await this.pool.query<FactRow>(text, [upTo.toString(), graceMs])).rows.map(toFact);
  }

  async markUnlogged({ at }: ChainFact): Promise<void> {
    const text = "UPDATE monitor.chain_fact SET state = 'unlogged' WHERE block_hash = $1 AND log_index = $2";
    await this.pool.query(text, [at.blockHash, at.logIndex]);
  }
}
