import type { Address, TypedDataDomain } from "viem";

/** EIP-712 domain of a SessionModule. */
export function moduleDomain(chainId: bigint, module: Address): TypedDataDomain {
  return { name: "Interlock SessionModule", version: "1", chainId, verifyingContract: module };
}

/** EIP-712 types of the three forms of an intent; `id` is the session's id on chain. */
export const INTENT_TYPES = {
  Exec: [
    { name: "id", type: "bytes32" },
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "data", type: "bytes" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint48" },
  ],
  Call: [
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "data", type: "bytes" },
  ],
  ExecBatch: [
    { name: "id", type: "bytes32" },
    { name: "calls", type: "Call[]" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint48" },
  ],
  ExecAdapter: [
    { name: "id", type: "bytes32" },
    { name: "adapter", type: "address" },
    { name: "args", type: "bytes" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint48" },
  ],
} as const;

/** EIP-712 types that owners sign: arming, and the revocations anybody may then pay for. */
export const OWNER_TYPES = {
  Arm: [
    { name: "id", type: "bytes32" },
    { name: "policyHash", type: "bytes32" },
    { name: "key", type: "address" },
    { name: "validUntil", type: "uint40" },
    { name: "armNonce", type: "uint256" },
    { name: "deadline", type: "uint48" },
  ],
  Disarm: [
    { name: "safe", type: "address" },
    { name: "id", type: "bytes32" },
    { name: "deadline", type: "uint48" },
  ],
  DisarmAll: [
    { name: "safe", type: "address" },
    { name: "epoch", type: "uint32" },
    { name: "deadline", type: "uint48" },
  ],
  EmergencyCloseAll: [
    { name: "safe", type: "address" },
    { name: "epoch", type: "uint32" },
    { name: "deadline", type: "uint48" },
  ],
} as const;
