import { type Address, type Hex, hashTypedData } from "viem";
import { moduleDomain, OWNER_TYPES } from "../intent/typed-data.js";
import { type OnchainPolicyStruct, policyId } from "./onchain-policy.js";

/** What the owners arm: a policy on a module, once (`armNonce`), until `deadline` (Unix seconds). */
export interface ArmMessage {
  readonly chainId: bigint;
  readonly module: Address;
  readonly policy: OnchainPolicyStruct;
  readonly armNonce: bigint;
  readonly deadline: bigint;
}

/** EIP-712 digest of the module's Arm type. Owners sign the Safe's SafeMessage over it (safeMessageHash). */
export function armDigest({ chainId, module, policy, armNonce, deadline }: ArmMessage): Hex {
  return hashTypedData({
    domain: moduleDomain(chainId, module),
    types: OWNER_TYPES,
    primaryType: "Arm",
    message: {
      id: policyId(policy),
      policyHash: policy.policyHash,
      key: policy.key,
      validUntil: policy.validUntil,
      armNonce,
      deadline: Number(deadline),
    },
  });
}
