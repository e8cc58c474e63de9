import { type Address, encodeFunctionData, type LocalAccount, type TransactionReceipt, zeroAddress } from "viem";
import { sessionModuleAbi } from "../generated/session-module.js";
import type { DeployClient } from "./deploy-client.js";
import { execSafeTransaction } from "./exec-safe-transaction.js";
import { encodeMultiSend } from "./multi-send.js";
import { safeAbi } from "./safe-abi.js";
import { SAFE_1_4_1 } from "./safe-contracts.js";

export interface EnableOptions {
  readonly safe: Address;
  readonly sessionModule: Address;
  readonly owners: readonly LocalAccount[];
  /** May disarm beside the owners; nobody when left out. */
  readonly guardian?: Address;
  /** Whether one owner of an m-of-n Safe may close everything in an emergency; false when left out. */
  readonly anyOwnerClose?: boolean;
}

/** Enables the session module on a Safe and configures it, in one Safe transaction. */
export function enableSessionModule(client: DeployClient, options: EnableOptions): Promise<TransactionReceipt> {
  const { safe, sessionModule, owners } = options;
  const configuration = [options.guardian ?? zeroAddress, options.anyOwnerClose ?? false] as const;
  const data = encodeMultiSend([
    { to: safe, data: encodeFunctionData({ abi: safeAbi, functionName: "enableModule", args: [sessionModule] }) },
    { to: sessionModule, data: encodeFunctionData({ abi: sessionModuleAbi, functionName: "configure", args: configuration }) },
  ]);
  return execSafeTransaction(client, { safe, to: SAFE_1_4_1.multiSendCallOnly, data, operation: 1, owners });
}
