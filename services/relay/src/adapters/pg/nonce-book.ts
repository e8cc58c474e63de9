import type pg from "pg";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Fees } from "../../domain/fees.js";

/** What a transaction is for: an execution's intent, the using-up of its nonce, or a sponsored arming. */
export type TransactionKind = "intent" | "void" | "arm";

/** A raw transaction that was signed; it is stored before it is sent. */
export interface SignedTransaction extends Fees {
  readonly hash: string;
  readonly raw: string;
  readonly nonce: bigint;
  readonly kind: TransactionKind;
}

export interface NewSlot {
  readonly transaction: SignedTransaction;
  readonly executionId: string | undefined;
  /** Makes a slot unique where no execution does: the digest of a sponsored call. */
  readonly subject: string | undefined;
  /** Unix seconds after which the transaction is no longer wanted; undefined: never. */
  readonly deadline: bigint | undefined;
}

/** The sender whose nonces are kept, on one chain. */
export interface Sender {
  readonly chainId: bigint;
  readonly address: string;
}

/** The nonce ledger: one row per (chain, sender). No nonce comes from anywhere else, and none is ever read from the chain again. */
export class NonceBook {
  constructor(readonly sender: Sender) {}

  /** Makes the ledger row, or moves it forward to `chainNonce`; never backwards, whatever a lagging node says. */
  async open(db: pg.Pool | pg.PoolClient, chainNonce: bigint): Promise<{ next: bigint; jumped: boolean }> {
    const before = await this.next(db);
    const { rows } = await db.query<{ next: string }>({
      name: "relay_open_ledger",
      text: `INSERT INTO relay.nonce_ledger (chain_id, sender, next) VALUES ($1, $2, $3)
        ON CONFLICT (chain_id, sender) DO UPDATE SET next = GREATEST(nonce_ledger.next, excluded.next) RETURNING next`,
      values: [...this.#key(), chainNonce.toString()],
    });
    return { next: BigInt(rows[0]?.next ?? 0), jumped: before !== undefined && before < chainNonce };
  }

  /** The next nonce; undefined before the row was made. */
  async next(db: pg.Pool | pg.PoolClient): Promise<bigint | undefined> {
    const { rows } = await db.query<{ next: string }>(
      "SELECT next FROM relay.nonce_ledger WHERE chain_id = $1 AND sender = $2",
      this.#key(),
    );
    return rows[0] === undefined ? undefined : BigInt(rows[0].next);
  }

  /** Leases `count` nonces under the row's lock, held until `tx` ends: a rollback gives them back, so no gap can come from us. */
  async lease(tx: pg.PoolClient, count: number): Promise<bigint> {
    const { rows } = await tx.query<{ next: string }>({
      name: "relay_lease_nonce",
      text: "UPDATE relay.nonce_ledger SET next = next + $3 WHERE chain_id = $1 AND sender = $2 RETURNING next",
      values: [...this.#key(), count],
    });
    if (rows[0] === undefined) throw new InterlockError("DEPENDENCY_UNAVAILABLE", "the nonce ledger was not opened yet");
    return BigInt(rows[0].next) - BigInt(count);
  }

  /** Begins a leader's term; every healing write names it. */
  async beginTerm(db: pg.Pool | pg.PoolClient): Promise<bigint> {
    const { rows } = await db.query<{ term: string }>(
      "UPDATE relay.nonce_ledger SET term = term + 1 WHERE chain_id = $1 AND sender = $2 RETURNING term",
      this.#key(),
    );
    return BigInt(rows[0]?.term ?? 0);
  }

  /** Holds the term for the rest of `tx`. @throws InterlockError STALE_TERM when a newer leader took over. */
  async assertTerm(tx: pg.PoolClient, term: bigint): Promise<void> {
    const { rowCount } = await tx.query({
      name: "relay_assert_term",
      text: "SELECT FROM relay.nonce_ledger WHERE chain_id = $1 AND sender = $2 AND term = $3 FOR KEY SHARE",
      values: [...this.#key(), term.toString()],
    });
    if (rowCount === 0) throw new InterlockError("STALE_TERM", "a newer healer took over", { details: { term: term.toString() } });
  }

  /** Stores new slots with their first transactions. */
  async insertSlots(tx: pg.PoolClient, slots: readonly NewSlot[], head: bigint): Promise<void> {
    await tx.query({
      name: "relay_insert_slots",
      text: `INSERT INTO relay.slot (chain_id, sender, nonce, execution_id, subject, deadline, current_hash, current_kind, attempted_at_block)
        SELECT $1, $2, nonce, execution_id, subject, deadline, hash, kind, $9
        FROM unnest($3::bigint[], $4::uuid[], $5::text[], $6::bigint[], $7::text[], $8::text[])
          AS s (nonce, execution_id, subject, deadline, hash, kind)`,
      values: [
        ...this.#key(),
        slots.map((s) => s.transaction.nonce.toString()),
        slots.map((s) => s.executionId ?? null),
        slots.map((s) => s.subject ?? null),
        slots.map((s) => s.deadline?.toString() ?? null),
        slots.map((s) => s.transaction.hash),
        slots.map((s) => s.transaction.kind),
        head.toString(),
      ],
    });
    await this.#insertAttempts(
      tx,
      slots.map((slot) => slot.transaction),
    );
  }

  /** Stores one more transaction for a slot that is still open, as its newest; undefined head keeps it due for sending. */
  async addAttempt(tx: pg.PoolClient, transaction: SignedTransaction, head: bigint): Promise<void> {
    await this.#insertAttempts(tx, [transaction]);
    await tx.query({
      name: "relay_add_attempt",
      text: `UPDATE relay.slot SET current_hash = $4, current_kind = $5, attempted_at_block = $6, sent_at_block = NULL
        WHERE chain_id = $1 AND sender = $2 AND nonce = $3`,
      values: [...this.#key(), transaction.nonce.toString(), transaction.hash, transaction.kind, head.toString()],
    });
  }

  /** Notes that the newest transactions of slots went out while `head` was the newest block. */
  async markSent(db: pg.Pool | pg.PoolClient, hashes: readonly string[], head: bigint): Promise<void> {
    if (hashes.length === 0) return;
    await db.query({
      name: "relay_mark_sent",
      text: "UPDATE relay.slot SET sent_at_block = $4 WHERE chain_id = $1 AND sender = $2 AND current_hash = ANY($3)",
      values: [...this.#key(), hashes, head.toString()],
    });
  }

  /** Notes that the newest transactions of slots are too cheap for today's pools: the healer replaces them at the next block. */
  async markUnderpriced(db: pg.Pool | pg.PoolClient, hashes: readonly string[], head: bigint): Promise<void> {
    if (hashes.length === 0) return;
    await db.query({
      name: "relay_mark_underpriced",
      text: `UPDATE relay.slot SET sent_at_block = $4, attempted_at_block = 0 WHERE chain_id = $1 AND sender = $2 AND current_hash = ANY($3)`,
      values: [...this.#key(), hashes, head.toString()],
    });
  }

  /** Marks the slot of an execution as no longer wanted: its nonce is to be used up by a self-send. */
  async unwant(tx: pg.PoolClient, executionId: string): Promise<void> {
    await tx.query("UPDATE relay.slot SET unwanted = true WHERE execution_id = $1", [executionId]);
  }

  async #insertAttempts(tx: pg.PoolClient, transactions: readonly SignedTransaction[]): Promise<void> {
    await tx.query({
      name: "relay_insert_attempts",
      text: `INSERT INTO relay.attempt (hash, chain_id, sender, nonce, kind, raw, max_fee_per_gas, max_priority_fee_per_gas)
        SELECT hash, $1, $2, nonce, kind, raw, max_fee, max_priority
        FROM unnest($3::text[], $4::bigint[], $5::text[], $6::text[], $7::numeric[], $8::numeric[])
          AS a (hash, nonce, kind, raw, max_fee, max_priority)`,
      values: [
        ...this.#key(),
        transactions.map((t) => t.hash),
        transactions.map((t) => t.nonce.toString()),
        transactions.map((t) => t.kind),
        transactions.map((t) => t.raw),
        transactions.map((t) => t.maxFeePerGas.toString()),
        transactions.map((t) => t.maxPriorityFeePerGas.toString()),
      ],
    });
  }

  #key(): [string, string] {
    return [this.sender.chainId.toString(), this.sender.address];
  }
}
