import { type Address, encodeDeployData } from "viem";
import { metavaultRegistryAbi, metavaultRegistryBytecode } from "../generated/metavault-registry.js";
import { policyRegistryAbi, policyRegistryBytecode } from "../generated/policy-registry.js";
import { sessionModuleAbi, sessionModuleBytecode } from "../generated/session-module.js";
import { vaultAdapterAbi, vaultAdapterBytecode } from "../generated/vault-adapter.js";
import type { DeployClient } from "./deploy-client.js";
import { deploySafeContracts } from "./deploy-safe-contracts.js";
import { buildGenesis, type GenesisOptions } from "./genesis.js";
import type { SafeContracts } from "./safe-contracts.js";
import { deployThroughFactory } from "./singleton-factory.js";

export interface StackOptions extends GenesisOptions {
  /** May remove rules and pause protocols at once. */
  readonly guardian: Address;
  /** May add rules, which wait out `delay`. */
  readonly governor: Address;
  /** Seconds an addition waits; at least 48 h (172,800) outside tests. */
  readonly delay: number;
}

/** Every address of one installation. */
export interface Stack extends SafeContracts {
  readonly sessionModule: Address;
  readonly policyRegistry: Address;
  readonly vaultAdapter: Address;
  readonly metavaultRegistry: Address;
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
  const metavaultRegistry = await deployThroughFactory(
    client,
    encodeDeployData({ abi: metavaultRegistryAbi, bytecode: metavaultRegistryBytecode }),
  );
  const vaultAdapter = await deployThroughFactory(
    client,
    encodeDeployData({ abi: vaultAdapterAbi, bytecode: vaultAdapterBytecode, args: [metavaultRegistry] }),
  );
  const policyRegistry = await deployPolicyRegistry(client, options, vaultAdapter);
  const sessionModule = await deployThroughFactory(
    client,
    encodeDeployData({ abi: sessionModuleAbi, bytecode: sessionModuleBytecode, args: [policyRegistry, metavaultRegistry] }),
  );
  return { ...safe, sessionModule, policyRegistry, vaultAdapter, metavaultRegistry, deployedFromBlock };
}

function deployPolicyRegistry(client: DeployClient, options: StackOptions, vaultAdapter: Address): Promise<Address> {
  const { rules, recipients } = buildGenesis(options, vaultAdapter);
  const { guardian, governor, delay } = options;
  return deployThroughFactory(
    client,
    encodeDeployData({
      abi: policyRegistryAbi,
      bytecode: policyRegistryBytecode,
      args: [guardian, governor, delay, rules, recipients],
    }),
  );
}
