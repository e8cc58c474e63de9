import type { Address } from "viem";

/** The chain this cluster works on, from the deployment file. */
export interface ChainSetting {
  readonly chainId: number;
  readonly module: Address;
  /** Protocol labels and their ids on chain. */
  readonly protocols: Readonly<Record<string, number>>;
  /** Depth at which a block is believed; 1 is the latest block. */
  readonly confirmations: number;
}
