import type { Address, Hex } from "viem";
import type { GenesisOptions } from "./genesis.js";

/** One token's USD feed: `maxAge` seconds after its last answer it is stale. */
export interface TokenFeed {
  readonly token: Address;
  readonly feed: Address;
  readonly tokenDecimals: number;
  readonly maxAge: number;
}

/** GMX v2 on one chain, and what sessions may do there. Sizes are USD with 30 decimals, fees wei, slippage 1/100 of a percent. */
export interface GmxOptions {
  readonly addresses: {
    readonly exchangeRouter: Address;
    readonly router: Address;
    readonly orderVault: Address;
    readonly dataStore: Address;
    readonly uiFeeReceiver: Address;
    readonly referralCode: Hex;
  };
  readonly caps: {
    readonly maxSizeUsd: bigint;
    readonly maxExecutionFee: bigint;
    readonly maxLeverage: number;
    readonly closeSlippageBps: number;
  };
  readonly markets: readonly { readonly market: Address; readonly indexToken: Address }[];
  readonly collaterals: readonly Address[];
  readonly feeds: readonly TokenFeed[];
}

/** A v3-style router; sessions may swap into the tokens of `outputs`. */
export interface SwapOptions {
  readonly router: Address;
  readonly outputs: readonly Address[];
  readonly feeds: readonly TokenFeed[];
}

/** Everything the addresses of one installation are a function of, beside the bytecode. */
export interface StackOptions extends GenesisOptions {
  /** May remove rules and pause protocols at once. */
  readonly guardian: Address;
  /** May add rules, which wait out `delay`. */
  readonly governor: Address;
  /** Seconds an addition waits; at least 48 h (172,800) outside tests. */
  readonly delay: number;
  readonly gmx?: GmxOptions | undefined;
  readonly swap?: SwapOptions | undefined;
}
