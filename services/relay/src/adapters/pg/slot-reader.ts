import type pg from "pg";
import type { OpenSlot } from "../../domain/healing.js";
import type { Sender, SignedTransaction, TransactionKind } from "./nonce-book.js";

/** A nonce of ours that is not final, with what the healer needs. */
export interface SlotView extends OpenSlot {
  readonly executionId: string | undefined;
  readonly currentHash: string;
}

/** One of our transactions, found by its hash. */
export interface OwnTransaction {
  readonly hash: string;
  readonly nonce: bigint;
  readonly kind: TransactionKind;
  readonly executionId: string | undefined;
  readonly state: "open" | "mined" | "final";
  readonly minedBlockHash: string | undefined;
}

interface SlotRow {
  readonly nonce: string;
  readonly execution_id: string | null;
  readonly unwanted: boolean;
  readonly state: "open" | "mined" | "final";
  readonly current_hash: string;
  readonly current_kind: TransactionKind;
  readonly attempted_at_block: string;
  readonly sent_at_block: string | null;
}

/** Reads slots and attempts of one sender. */
export class SlotReader {
  constructor(
    private readonly pool: pg.Pool,
    private readonly sender: Sender,
  ) {}

  /** Slots that are not mined, in the order of their nonces; a slot whose deadline is before `chainTime` is unwanted. */
  async open(chainTime: bigint): Promise<SlotView[]> {
    const { rows } = await this.pool.query<SlotRow>({
      name: "relay_open_slots",
      text: `SELECT nonce, execution_id, unwanted OR COALESCE(deadline < $3, false) AS unwanted, state, current_hash, current_kind,
          attempted_at_block, sent_at_block
        FROM relay.slot WHERE chain_id = $1 AND sender = $2 AND state <> 'final' ORDER BY nonce`,
      values: [...this.#key(), chainTime.toString()],
    });
    return rows.map((row) => ({
      nonce: BigInt(row.nonce),
      executionId: row.execution_id ?? undefined,
      unwanted: row.unwanted,
      mined: row.state === "mined",
      currentHash: row.current_hash,
      currentKind: row.current_kind,
      attemptedAtBlock: BigInt(row.attempted_at_block),
      sentAtBlock: row.sent_at_block === null ? undefined : BigInt(row.sent_at_block),
    }));
  }

  /** Nonces from `from` on that have a slot, final ones included. */
  async takenFrom(from: bigint): Promise<ReadonlySet<bigint>> {
    const { rows } = await this.pool.query<{ nonce: string }>({
      name: "relay_taken",
      text: "SELECT nonce FROM relay.slot WHERE chain_id = $1 AND sender = $2 AND nonce >= $3",
      values: [...this.#key(), from.toString()],
    });
    return new Set(rows.map((row) => BigInt(row.nonce)));
  }

  /** How many nonces are leased and not final. */
  async inFlight(): Promise<number> {
    const { rows } = await this.pool.query<{ count: string }>(
      "SELECT count(*) FROM relay.slot WHERE chain_id = $1 AND sender = $2 AND state <> 'final'",
      this.#key(),
    );
    return Number(rows[0]?.count ?? 0);
  }

  /** Ours among `hashes`. */
  async ours(hashes: readonly string[]): Promise<OwnTransaction[]> {
    if (hashes.length === 0) return [];
    return this.#transactions("a.hash = ANY($1)", [hashes], "relay_ours");
  }

  /** Every transaction that was ever signed for these nonces. */
  async ofNonces(nonces: readonly bigint[]): Promise<OwnTransaction[]> {
    if (nonces.length === 0) return [];
    return this.#transactions(
      "a.chain_id = $1 AND a.sender = $2 AND a.nonce = ANY($3)",
      [...this.#key(), nonces.map(String)],
      "relay_of_nonces",
    );
  }

  /** Raw bytes by hash. */
  async raws(hashes: readonly string[]): Promise<SignedTransaction[]> {
    if (hashes.length === 0) return [];
    const { rows } = await this.pool.query<{ hash: string; raw: string; nonce: string; kind: TransactionKind; fee: string; tip: string }>({
      name: "relay_raws",
      text: `SELECT hash, raw, nonce, kind, max_fee_per_gas AS fee, max_priority_fee_per_gas AS tip
        FROM relay.attempt WHERE hash = ANY($1) ORDER BY nonce`,
      values: [hashes],
    });
    return rows.map(({ hash, raw, nonce, kind, fee, tip }) => ({
      hash,
      raw,
      nonce: BigInt(nonce),
      kind,
      maxFeePerGas: BigInt(fee),
      maxPriorityFeePerGas: BigInt(tip),
    }));
  }

  /** The transaction a sponsored call was sent with before. */
  async bySubject(subject: string): Promise<string | undefined> {
    const { rows } = await this.pool.query<{ current_hash: string }>("SELECT current_hash FROM relay.slot WHERE subject = $1", [subject]);
    return rows[0]?.current_hash;
  }

  async #transactions(where: string, values: readonly unknown[], name: string): Promise<OwnTransaction[]> {
    const { rows } = await this.pool.query<{
      hash: string;
      nonce: string;
      kind: TransactionKind;
      execution_id: string | null;
      state: "open" | "mined" | "final";
      mined_block_hash: string | null;
    }>({
      name,
      text: `SELECT a.hash, a.nonce, a.kind, s.execution_id, s.state, s.mined_block_hash
        FROM relay.attempt a JOIN relay.slot s USING (chain_id, sender, nonce) WHERE ${where}`,
      values: [...values],
    });
    return rows.map((row) => ({
      hash: row.hash,
      nonce: BigInt(row.nonce),
      kind: row.kind,
      executionId: row.execution_id ?? undefined,
      state: row.state,
      minedBlockHash: row.mined_block_hash ?? undefined,
    }));
  }

  #key(): [string, string] {
    return [this.sender.chainId.toString(), this.sender.address];
  }
}
