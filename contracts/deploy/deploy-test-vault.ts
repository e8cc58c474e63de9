import { type Address, encodeDeployData } from "viem";
import { testVaultAbi, testVaultBytecode } from "../generated/testing/test-vault.js";
import type { DeployClient } from "./deploy-client.js";
import { deployThroughFactory, ensureSingletonFactory } from "./singleton-factory.js";

export interface TestVaultOptions {
  readonly asset: Address;
  readonly name: string;
  readonly symbol: string;
}

/** An OpenZeppelin ERC-4626 vault over `asset`. Its address is a function of the options. For tests and local stacks. */
export async function deployTestVault(client: DeployClient, { asset, name, symbol }: TestVaultOptions): Promise<Address> {
  await ensureSingletonFactory(client);
  return deployThroughFactory(client, encodeDeployData({ abi: testVaultAbi, bytecode: testVaultBytecode, args: [asset, name, symbol] }));
}
