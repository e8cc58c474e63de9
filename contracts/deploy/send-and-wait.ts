import type { Address, Hash, Hex, TransactionReceipt } from "viem";
import type { DeployClient } from "./deploy-client.js";

/** A transaction to send from the client's account; value in wei. */
export interface OutgoingTransaction {
  readonly to: Address;
  readonly data?: Hex;
  readonly value?: bigint;
}

/** Sends, waits for one confirmation, and throws when the transaction reverted. */
export async function sendAndWait(client: DeployClient, { to, data, value }: OutgoingTransaction): Promise<TransactionReceipt> {
  const hash = await client.sendTransaction({ to, data: data ?? "0x", value: value ?? 0n });
  return requireSuccess(client, hash);
}

/** Waits for the receipt of `hash` and throws when it reverted. */
export async function requireSuccess(client: DeployClient, hash: Hash): Promise<TransactionReceipt> {
  const receipt = await client.waitForTransactionReceipt({ hash });
  if (receipt.status !== "success") throw new Error(`transaction ${hash} reverted`);
  return receipt;
}
