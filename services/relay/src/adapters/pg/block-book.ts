import type pg from "pg";
import type { MinedJson } from "../../domain/execution-event.js";
import type { SeenBlock } from "../../domain/reorg.js";
import type { TransactionKind } from "./nonce-book.js";

/** Blocks kept for reorg detection; far above every confirmation depth. */
const KEPT_BLOCKS = 256n;

/** A slot whose transaction lies in a block of the chain. */
export interface MinedSlot extends MinedJson {
  readonly nonce: bigint;
  readonly kind: TransactionKind;
  readonly executionId: string | undefined;
}

interface MinedRow {
  readonly nonce: string;
  readonly kind: TransactionKind;
  readonly execution_id: string | null;
  readonly mined_hash: string;
  readonly mined_block: string;
  readonly mined_block_hash: string;
  readonly mined_block_time: string;
}

const SELECT_MINED = `SELECT s.nonce, s.execution_id, a.kind, s.mined_hash, s.mined_block, s.mined_block_hash, s.mined_block_time
  FROM relay.slot s JOIN relay.attempt a ON a.hash = s.mined_hash`;

/** What the tracker has seen of the chain, and which of our nonces lie where. */
export class BlockBook {
  constructor(
    private readonly chainId: bigint,
    private readonly sender: string,
  ) {}

  /** Blocks seen lately, newest first. */
  async seen(db: pg.Pool | pg.PoolClient): Promise<SeenBlock[]> {
    const { rows } = await db.query<{ number: string; hash: string }>({
      name: "relay_seen",
      text: "SELECT number, hash FROM relay.block WHERE chain_id = $1 ORDER BY number DESC LIMIT $2",
      values: [this.chainId.toString(), KEPT_BLOCKS.toString()],
    });
    return rows.map(({ number, hash }) => ({ number: BigInt(number), hash }));
  }

  /** Notes a block, and forgets those that no reorg reaches. */
  async note(tx: pg.PoolClient, block: SeenBlock & { readonly time: bigint }): Promise<void> {
    const { number, hash, time } = block;
    await tx.query({
      name: "relay_note_block",
      text: `INSERT INTO relay.block (chain_id, number, hash, time) VALUES ($1, $2, $3, $4)
        ON CONFLICT (chain_id, number) DO UPDATE SET hash = excluded.hash, time = excluded.time`,
      values: [this.chainId.toString(), number.toString(), hash, time.toString()],
    });
    if (number % 64n === 0n)
      await tx.query("DELETE FROM relay.block WHERE chain_id = $1 AND number < $2", [
        this.chainId.toString(),
        (number - KEPT_BLOCKS).toString(),
      ]);
  }

  /** Notes where nonces were mined. */
  async markMined(tx: pg.PoolClient, mined: readonly (MinedJson & { nonce: bigint })[]): Promise<void> {
    if (mined.length === 0) return;
    await tx.query({
      name: "relay_mark_mined",
      text: `UPDATE relay.slot s SET state = 'mined', mined_hash = m.hash, mined_block = m.block, mined_block_hash = m.block_hash, mined_block_time = m.time
        FROM unnest($3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::bigint[]) AS m (nonce, hash, block, block_hash, time)
        WHERE s.chain_id = $1 AND s.sender = $2 AND s.nonce = m.nonce`,
      values: [
        this.chainId.toString(),
        this.sender,
        mined.map((m) => m.nonce.toString()),
        mined.map((m) => m.transactionHash),
        mined.map((m) => m.blockNumber),
        mined.map((m) => m.blockHash),
        mined.map((m) => m.blockTime),
      ],
    });
  }

  /** Our nonces that were mined in any of `blocks`. */
  async minedIn(tx: pg.PoolClient, blocks: readonly SeenBlock[]): Promise<MinedSlot[]> {
    const { rows } = await tx.query<MinedRow>({
      name: "relay_mined_in",
      text: `${SELECT_MINED} WHERE s.chain_id = $1 AND s.sender = $2 AND s.mined_block_hash = ANY($3) ORDER BY s.nonce`,
      values: [this.chainId.toString(), this.sender, blocks.map((block) => block.hash)],
    });
    return rows.map(minedSlot);
  }

  /** Forgets blocks the chain gave up; the nonces mined in them are open again and due for sending. */
  async orphan(tx: pg.PoolClient, blocks: readonly SeenBlock[], head: bigint): Promise<void> {
    const hashes = blocks.map((block) => block.hash);
    await tx.query(
      `UPDATE relay.slot SET state = 'open', mined_hash = NULL, mined_block = NULL, mined_block_hash = NULL, mined_block_time = NULL,
          sent_at_block = NULL, attempted_at_block = $4
        WHERE chain_id = $1 AND sender = $2 AND mined_block_hash = ANY($3)`,
      [this.chainId.toString(), this.sender, hashes, head.toString()],
    );
    await tx.query("DELETE FROM relay.block WHERE chain_id = $1 AND hash = ANY($2)", [this.chainId.toString(), hashes]);
  }

  /** Mined nonces at or below `height` that are not final, oldest first. */
  async awaitingFinality(db: pg.Pool | pg.PoolClient, height: bigint): Promise<MinedSlot[]> {
    const { rows } = await db.query<MinedRow>({
      name: "relay_awaiting_finality",
      text: `${SELECT_MINED}
        WHERE s.chain_id = $1 AND s.sender = $2 AND s.state = 'mined' AND s.mined_block <= $3 ORDER BY s.nonce`,
      values: [this.chainId.toString(), this.sender, height.toString()],
    });
    return rows.map(minedSlot);
  }

  /** Notes that nonces are final. */
  async finalise(tx: pg.PoolClient, nonces: readonly bigint[]): Promise<void> {
    if (nonces.length === 0) return;
    await tx.query({
      name: "relay_finalise",
      text: "UPDATE relay.slot SET state = 'final' WHERE chain_id = $1 AND sender = $2 AND nonce = ANY($3)",
      values: [this.chainId.toString(), this.sender, nonces.map(String)],
    });
  }
}

function minedSlot(row: MinedRow): MinedSlot {
  return {
    nonce: BigInt(row.nonce),
    kind: row.kind,
    executionId: row.execution_id ?? undefined,
    transactionHash: row.mined_hash,
    blockNumber: row.mined_block,
    blockHash: row.mined_block_hash,
    blockTime: row.mined_block_time,
  };
}
