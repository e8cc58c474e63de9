import type { Address } from "viem";

/** What an action costs by the vault's own reading of its calldata: operations of the rate window and tokens, one entry per call. */
export interface Spending {
  readonly operations: number;
  readonly spends: readonly { readonly token: Address; readonly amount: bigint }[];
}
