import type { Address, Hex } from "viem";
import type { OnchainPolicyStruct } from "#platform/session-policy/onchain-policy.js";

/** What the chain says of a Safe. */
export interface AccountFacts {
  readonly owners: readonly Address[];
  readonly threshold: number;
  /** Nonce of the Safe's next transaction. */
  readonly nonce: bigint;
  readonly moduleEnabled: boolean;
  /** Epoch of the module for this Safe. */
  readonly epoch: number;
}

/** Whether the module still lets a session act, time apart. */
export interface Standing {
  readonly armed: boolean;
  readonly revoked: boolean;
  readonly epoch: number;
  readonly moduleEnabled: boolean;
  readonly blockNumber: bigint;
}

/** One `Armed` event of the module. */
export interface ArmedLog {
  readonly safe: Address;
  readonly key: Address;
  readonly policyId: Hex;
  readonly policy: OnchainPolicyStruct;
  readonly logIndex: number;
}

/** What a mined transaction did. */
export interface ArmTransaction {
  readonly succeeded: boolean;
  readonly blockNumber: bigint;
  readonly blockHash: Hex;
  /** 1 in the latest block. */
  readonly confirmations: number;
  readonly armed: readonly ArmedLog[];
  /** Signatures in the calldata when it is a direct armWithSig call. */
  readonly signatures: Hex | undefined;
}

/** Reads the chain. Every method throws DEPENDENCY_UNAVAILABLE when no RPC answers: never a wrong answer. */
export interface ChainReader {
  /** @throws InterlockError UNSUPPORTED_ACCOUNT when the address is no Safe */
  account(safe: Address): Promise<AccountFacts>;
  /** Standing of a session in the block that has `confirmations` (1: the latest). */
  standing(safe: Address, policyId: Hex, confirmations: number): Promise<Standing>;
  /** A transaction as mined on the canonical chain; undefined when it is not (yet). */
  armTransaction(hash: Hex): Promise<ArmTransaction | undefined>;
}
