import { type Address, encodeFunctionData, type Hex } from "viem";
import { safeTransactionHash } from "#platform/safe/safe-transaction.js";
import type { OnchainPolicyStruct } from "#platform/session-policy/onchain-policy.js";
import type { SafeTransaction } from "#proto/interlock/permissions/v1/permissions.js";
import { sessionModuleAbi } from "../../../../contracts/generated/session-module.js";

/** Calldata of `arm(policy)`, for a transaction of the Safe itself. */
export function armCalldata(policy: OnchainPolicyStruct): Hex {
  return encodeFunctionData({ abi: sessionModuleAbi, functionName: "arm", args: [policy] });
}

/** Calldata of `armWithSig`, which anybody may send. `deadline` in Unix seconds. */
export function armWithSigCalldata(policy: OnchainPolicyStruct, armNonce: bigint, deadline: number, signatures: Hex): Hex {
  return encodeFunctionData({ abi: sessionModuleAbi, functionName: "armWithSig", args: [policy, armNonce, deadline, signatures] });
}

/** Calldata of `disarm(safe, id)`, for an owner, the guardian or the Safe. */
export function disarmCalldata(safe: Address, id: Hex): Hex {
  return encodeFunctionData({ abi: sessionModuleAbi, functionName: "disarm", args: [safe, id] });
}

export interface ModuleCall {
  readonly safe: Address;
  readonly chainId: number;
  readonly module: Address;
  readonly data: Hex;
  /** Nonce of the Safe's next transaction. */
  readonly nonce: bigint;
}

/** A call of the module as a transaction of the Safe, with the hash its owners sign. */
export function asSafeTransaction({ safe, chainId, module, data, nonce }: ModuleCall): SafeTransaction {
  const hash = safeTransactionHash({ safe, chainId: BigInt(chainId), to: module, value: 0n, data, operation: 0, nonce });
  return { to: module, value: "0", data, operation: 0, nonce: String(nonce), safeTxHash: hash };
}
