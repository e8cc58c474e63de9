import { type Address, type ContractFunctionArgs, encodeAbiParameters, getAbiItem, type Hex, keccak256 } from "viem";
import { sessionModuleAbi } from "../generated/session-module.js";

/** The on-chain Policy struct, typed from the module's ABI. Amounts in smallest units, times in unix seconds. */
export type OnchainPolicy = ContractFunctionArgs<typeof sessionModuleAbi, "nonpayable", "arm">[0];

/** id = keccak256(abi.encode(policy)): what the chain keys a session's state by, together with the Safe. */
export function policyId(policy: OnchainPolicy): Hex {
  return keccak256(encodeAbiParameters(getAbiItem({ abi: sessionModuleAbi, name: "arm" }).inputs, [policy]));
}

/** Scope leaf: keccak256(abi.encode(target, selector, recipient or 0)). */
export function scopeLeaf(target: Address, selector: Hex, recipient: Address): Hex {
  return keccak256(encodeAbiParameters([{ type: "address" }, { type: "bytes4" }, { type: "address" }], [target, selector, recipient]));
}
