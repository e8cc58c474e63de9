import type { Hex } from "viem";
import type { OwnerSignature } from "#platform/safe/owner-signatures.js";
import type { Tx } from "./tx.js";

/** Sign-ins of m-of-n Safes, by the hash of the sign-in message, while owners' signatures are collected. */
export interface CollectionStore {
  isOpen(tx: Tx, messageHash: Hex, now: Date): Promise<boolean>;
  open(tx: Tx, messageHash: Hex, expiresAt: Date): Promise<void>;
  addSignature(tx: Tx, messageHash: Hex, signature: OwnerSignature): Promise<void>;
  signatures(tx: Tx, messageHash: Hex): Promise<readonly OwnerSignature[]>;
  /** True for exactly one caller: the sign-in is used up and its signatures are dropped. */
  complete(tx: Tx, messageHash: Hex, now: Date): Promise<boolean>;
}
