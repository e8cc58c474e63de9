import type { AccountId } from "#platform/kernel/ids.js";
import type { Tx } from "./tx.js";

export interface AccountLink {
  readonly account: AccountId;
  readonly verifiedAt: Date;
}

/** Accounts that a wallet was seen to own. */
export interface AccountStore {
  /** Adds or refreshes a link; `added` tells whether it is new. */
  link(tx: Tx, wallet: string, account: AccountId, at: Date): Promise<{ readonly added: boolean }>;
  unlink(tx: Tx, wallet: string, account: AccountId): Promise<void>;
  touch(wallet: string, account: AccountId, at: Date): Promise<void>;
  /** Links of the wallet on one chain, oldest first. */
  linksOf(wallet: string, chainId: number): Promise<readonly AccountLink[]>;
}
