import { type Address, encodeDeployData, encodeFunctionData } from "viem";
import { testTokenAbi, testTokenBytecode } from "../generated/testing/test-token.js";
import type { DeployClient } from "./deploy-client.js";
import { sendAndWait } from "./send-and-wait.js";
import { deployThroughFactory, ensureSingletonFactory } from "./singleton-factory.js";

export interface TestTokenOptions {
  readonly name: string;
  readonly symbol: string;
  readonly decimals: number;
}

/** An OpenZeppelin ERC-20 that anybody may mint. Its address is a function of the options. For tests and local stacks. */
export async function deployTestToken(client: DeployClient, { name, symbol, decimals }: TestTokenOptions): Promise<Address> {
  await ensureSingletonFactory(client);
  return deployThroughFactory(client, encodeDeployData({ abi: testTokenAbi, bytecode: testTokenBytecode, args: [name, symbol, decimals] }));
}

/** Mints `amount` (smallest unit) of a test token to `to`. */
export async function mintTestToken(client: DeployClient, token: Address, to: Address, amount: bigint): Promise<void> {
  const data = encodeFunctionData({ abi: testTokenAbi, functionName: "mint", args: [to, amount] });
  await sendAndWait(client, { to: token, data });
}
