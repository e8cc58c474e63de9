import type { Address, Hex } from "viem";

/** One call the account makes; `value` in wei. */
export interface CallStruct {
  readonly to: Address;
  readonly value: bigint;
  readonly data: Hex;
}

/** What the session key is asked to authorise. */
export type ParsedAction =
  | { readonly kind: "call"; readonly call: CallStruct }
  | { readonly kind: "batch"; readonly calls: readonly CallStruct[] }
  | { readonly kind: "adapter"; readonly adapter: Address; readonly args: Hex };

/** An intent whose every field was checked; `deadline` in Unix seconds. */
export interface ParsedIntent {
  readonly chainId: bigint;
  readonly module: Address;
  readonly policyId: Hex;
  readonly action: ParsedAction;
  readonly nonce: bigint;
  readonly deadline: bigint;
}

/** Most calls of one batch (contracts: execBatch). */
export const MAX_BATCH_CALLS = 4;

/** Most bytes of calldata that a call or adapter operation may have. */
export const MAX_CALLDATA_BYTES = 16_384;

/** How many operations of the rate window an action costs: one, or one per call of a batch. */
export function operationsOf(action: ParsedAction): number {
  return action.kind === "batch" ? action.calls.length : 1;
}
