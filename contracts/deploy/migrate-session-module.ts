import { type Address, encodeFunctionData, type Hex } from "viem";
import { sessionModuleAbi } from "../generated/session-module.js";
import { encodeMultiSend } from "./multi-send.js";
import type { OnchainPolicy } from "./policy.js";
import { safeAbi } from "./safe-abi.js";

export interface Migration {
  readonly safe: Address;
  readonly from: Address;
  readonly to: Address;
  /** The module that precedes `from` in the Safe's list (`getModulesPaginated`); 0x1 when it is the newest. */
  readonly previousModule: Address;
  readonly guardian: Address;
  readonly anyOwnerClose: boolean;
  /** Sessions to arm on the successor, with its epoch (0 on one the Safe never used). */
  readonly policies: readonly OnchainPolicy[];
}

/**
 * Calldata for MultiSendCallOnly, to be delegate-called by the Safe in one transaction: the successor is enabled and configured,
 * the old module disabled, and every session armed again. All or nothing: there is no moment with both modules or neither.
 */
export function encodeMigration({ safe, from, to, previousModule, guardian, anyOwnerClose, policies }: Migration): Hex {
  return encodeMultiSend([
    { to: safe, data: encodeFunctionData({ abi: safeAbi, functionName: "disableModule", args: [previousModule, from] }) },
    { to: safe, data: encodeFunctionData({ abi: safeAbi, functionName: "enableModule", args: [to] }) },
    { to, data: encodeFunctionData({ abi: sessionModuleAbi, functionName: "configure", args: [guardian, anyOwnerClose] }) },
    ...policies.map((policy) => ({ to, data: encodeFunctionData({ abi: sessionModuleAbi, functionName: "arm", args: [policy] }) })),
  ]);
}
