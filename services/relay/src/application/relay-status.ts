import type pg from "pg";
import type { Address } from "viem";
import type { NonceBook } from "../adapters/pg/nonce-book.js";
import type { SlotReader } from "../adapters/pg/slot-reader.js";
import type { HeadState } from "./head-state.js";

export interface RelayStatusDeps {
  readonly pool: pg.Pool;
  readonly book: NonceBook;
  readonly slots: SlotReader;
  readonly head: HeadState;
  readonly sender: Address;
}

/** The relay for the status page: sender, wei, next nonce, nonces in flight, newest block. */
export class RelayStatus {
  constructor(private readonly deps: RelayStatusDeps) {}

  async read(): Promise<{ sender: string; balance: string; nextNonce: string; inFlight: number; head: string }> {
    const { pool, book, slots, head, sender } = this.deps;
    const [next, inFlight] = await Promise.all([book.next(pool), slots.inFlight()]);
    return { sender, balance: `${head.balance ?? ""}`, nextNonce: `${next ?? ""}`, inFlight, head: head.number.toString() };
  }
}
