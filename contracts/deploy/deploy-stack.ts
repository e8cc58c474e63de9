import type { DeployClient } from "./deploy-client.js";
import { deploySafeContracts } from "./deploy-safe-contracts.js";
import { planStack, type StackAddresses } from "./plan-stack.js";
import type { SafeContracts } from "./safe-contracts.js";
import { deployThroughFactory } from "./singleton-factory.js";
import type { StackOptions } from "./stack-options.js";

/** Every address of one installation. */
export interface Stack extends SafeContracts, StackAddresses {
  /** Block number before the first deployment: no event of this installation is older. */
  readonly deployedFromBlock: bigint;
}

/**
 * Deploys the genuine Safe 1.4.1 and Interlock's contracts through the singleton factory. Idempotent: the same options give
 * the same addresses, and what is there already is left alone.
 */
export async function deployStack({ client, ...options }: StackOptions & { client: DeployClient }): Promise<Stack> {
  const deployedFromBlock = await client.getBlockNumber();
  const safe = await deploySafeContracts(client);
  const plan = planStack(options);
  for (const { initCode } of plan.contracts) await deployThroughFactory(client, initCode);
  return { ...safe, ...plan.addresses, deployedFromBlock };
}
