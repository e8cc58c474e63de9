import type { ChainFact } from "./chain-fact.js";
import type { LogClaim } from "./log-claim.js";

/**
 * UNLOGGED_ONCHAIN: the chain says it, no entry of the log does. LOGGED_NOT_ONCHAIN: an entry says it, the chain does not.
 * REORGED: it was on the chain and its block is not part of it any more.
 */
export const DISCREPANCY_KINDS = ["UNLOGGED_ONCHAIN", "LOGGED_NOT_ONCHAIN", "REORGED"] as const;
export type DiscrepancyKind = (typeof DISCREPANCY_KINDS)[number];

/** The chain and the log say different things. */
export interface Discrepancy {
  readonly kind: DiscrepancyKind;
  readonly account: string;
  readonly transactionHash: string;
  readonly blockNumber?: bigint | undefined;
  readonly blockHash?: string | undefined;
  readonly logIndex?: number | undefined;
  readonly detail: string;
}

export function unlogged({ kind, account, at }: ChainFact): Discrepancy {
  return { kind: "UNLOGGED_ONCHAIN", account, ...at, detail: `no entry of the log tells of this ${kind}` };
}

export function gone({ kind, account, at }: ChainFact): Discrepancy {
  return { kind: "REORGED", account, ...at, detail: `the block of this ${kind} is not part of the chain any more` };
}

/** A claim that the chain does not bear out. `seen`: the block the transaction is in instead, if any. */
export function unfounded(claim: LogClaim, seen: { readonly blockHash: string } | undefined, says: boolean): Discrepancy {
  const { account, transactionHash, blockNumber, blockHash, type } = claim;
  const place = { account, transactionHash, blockNumber, blockHash };
  if (seen === undefined) return { kind: "LOGGED_NOT_ONCHAIN", ...place, detail: `${type} names a transaction the chain does not have` };
  if (!says) return { kind: "LOGGED_NOT_ONCHAIN", ...place, detail: `${type} names a transaction that did nothing of the kind` };
  return { kind: "REORGED", ...place, detail: `${type} names another block than the transaction is in` };
}
