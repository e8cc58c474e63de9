import type { Tx } from "./tx.js";

/** Sign-in nonces, kept as hashes. */
export interface NonceStore {
  add(nonce: string, expiresAt: Date): Promise<void>;
  /** True while the nonce could be consumed; decides nothing, saves the chain a question. */
  isOpen(nonce: string, now: Date): Promise<boolean>;
  /** True for exactly one caller: one atomic statement takes the nonce. */
  consume(tx: Tx, nonce: string, now: Date): Promise<boolean>;
}
