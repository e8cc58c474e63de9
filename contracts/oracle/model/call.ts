import type { Address, Hex } from "viem";

/** One call the Safe makes. */
export interface Call {
  readonly to: Address;
  readonly value: bigint;
  readonly data: Hex;
}
