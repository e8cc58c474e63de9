import { type Address, encodeAbiParameters, type Hex, keccak256 } from "viem";
import type { TokenLimit } from "../limits/limits.js";

/** SessionModule's Policy struct as viem encodes it; times in Unix seconds, windows in seconds, amounts in the smallest unit. */
export interface OnchainPolicyStruct {
  readonly safe: Address;
  readonly key: Address;
  readonly validAfter: number;
  readonly validUntil: number;
  readonly rateWindow: number;
  readonly maxOps: number;
  readonly budgetWindow: number;
  readonly epoch: number;
  readonly rulesBefore: number;
  readonly protocolMask: bigint;
  readonly scopeRoot: Hex;
  readonly maxSlippageBps: number;
  readonly policyHash: Hex;
  readonly limits: readonly TokenLimit[];
}

/** ABI of the struct, field by field as in contracts/src/types/Policy.sol. */
export const POLICY_COMPONENTS = [
  { name: "safe", type: "address" },
  { name: "key", type: "address" },
  { name: "validAfter", type: "uint40" },
  { name: "validUntil", type: "uint40" },
  { name: "rateWindow", type: "uint32" },
  { name: "maxOps", type: "uint8" },
  { name: "budgetWindow", type: "uint32" },
  { name: "epoch", type: "uint32" },
  { name: "rulesBefore", type: "uint40" },
  { name: "protocolMask", type: "uint256" },
  { name: "scopeRoot", type: "bytes32" },
  { name: "maxSlippageBps", type: "uint16" },
  { name: "policyHash", type: "bytes32" },
  {
    name: "limits",
    type: "tuple[]",
    components: [
      { name: "token", type: "address" },
      { name: "perOp", type: "uint128" },
      { name: "perPeriod", type: "uint128" },
    ],
  },
] as const;

const ids = new WeakMap<OnchainPolicyStruct, Hex>();

/** The session's id on chain: keccak256(abi.encode(policy)). It commits to every field; a struct is never changed, so it is hashed once. */
export function policyId(policy: OnchainPolicyStruct): Hex {
  const known = ids.get(policy);
  if (known !== undefined) return known;
  const id = keccak256(encodeAbiParameters([{ name: "policy", type: "tuple", components: POLICY_COMPONENTS }], [policy]));
  ids.set(policy, id);
  return id;
}
