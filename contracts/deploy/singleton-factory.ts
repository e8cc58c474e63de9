import { getSingletonFactoryInfo } from "@safe-global/safe-singleton-factory";
import { type Address, concatHex, getAddress, getContractAddress, type Hex, isHex, zeroHash } from "viem";
import type { DeployClient } from "./deploy-client.js";
import { requireSuccess, sendAndWait } from "./send-and-wait.js";

/** The same on every chain that has it: Safe's deterministic CREATE2 factory. Its input is salt ++ init code. */
export const SINGLETON_FACTORY: Address = "0x914d7Fec6aaC8cd542e72Bca78B30650d45643d7";

/** Address that `initCode` gets through the factory: a function of the code, its constructor arguments and the salt. */
export function predictAddress(initCode: Hex, salt: Hex = zeroHash): Address {
  return getContractAddress({ opcode: "CREATE2", from: SINGLETON_FACTORY, bytecode: initCode, salt });
}

/**
 * Puts the factory on the chain by Safe's own pre-signed transaction, unless it is there.
 * @throws Error when no pre-signed transaction exists for the chain
 */
export async function ensureSingletonFactory(client: DeployClient): Promise<void> {
  if (await hasCode(client, SINGLETON_FACTORY)) return;
  const info = getSingletonFactoryInfo(client.chain.id);
  if (info === undefined || getAddress(info.address) !== SINGLETON_FACTORY) {
    throw new Error(`the singleton factory is not on chain ${client.chain.id} and has no pre-signed transaction for it`);
  }
  await sendAndWait(client, { to: getAddress(info.signerAddress), value: BigInt(info.gasPrice) * BigInt(info.gasLimit) });
  if (!isHex(info.transaction)) throw new Error("the pre-signed transaction of the singleton factory is not hex");
  await requireSuccess(client, await client.sendRawTransaction({ serializedTransaction: info.transaction }));
}

/** Deploys `initCode` through the factory unless its address already has code. */
export async function deployThroughFactory(client: DeployClient, initCode: Hex, salt: Hex = zeroHash): Promise<Address> {
  const address = predictAddress(initCode, salt);
  if (await hasCode(client, address)) return address;
  await sendAndWait(client, { to: SINGLETON_FACTORY, data: concatHex([salt, initCode]) });
  if (!(await hasCode(client, address))) throw new Error(`deploying through the singleton factory left no code at ${address}`);
  return address;
}

async function hasCode(client: DeployClient, address: Address): Promise<boolean> {
  return (await client.getCode({ address })) !== undefined;
}
