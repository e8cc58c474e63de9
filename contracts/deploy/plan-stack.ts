import { type Address, encodeDeployData, type Hex, zeroAddress } from "viem";
import { auditAnchorAbi, auditAnchorBytecode } from "../generated/audit-anchor.js";
import { gmxAdapterAbi, gmxAdapterBytecode } from "../generated/gmx-adapter.js";
import { metavaultRegistryAbi, metavaultRegistryBytecode } from "../generated/metavault-registry.js";
import { policyRegistryAbi, policyRegistryBytecode } from "../generated/policy-registry.js";
import { sessionModuleAbi, sessionModuleBytecode } from "../generated/session-module.js";
import { swapAdapterAbi, swapAdapterBytecode } from "../generated/swap-adapter.js";
import { vaultAdapterAbi, vaultAdapterBytecode } from "../generated/vault-adapter.js";
import { buildGenesis } from "./genesis.js";
import { predictAddress } from "./singleton-factory.js";
import type { GmxOptions, StackOptions, SwapOptions } from "./stack-options.js";

/** Interlock's contracts by their Solidity names. */
export type ContractName =
  | "MetavaultRegistry"
  | "VaultAdapter"
  | "GmxAdapter"
  | "SwapAdapter"
  | "PolicyRegistry"
  | "SessionModule"
  | "AuditAnchor";

/** One deployment through the singleton factory; the address follows from the init code. */
export interface PlannedContract {
  readonly name: ContractName;
  readonly initCode: Hex;
  readonly address: Address;
}

/** What stands where, in the order it must be deployed. Pure: needs no chain. */
export interface StackPlan {
  readonly contracts: readonly PlannedContract[];
  readonly addresses: StackAddresses;
}

export interface StackAddresses {
  readonly sessionModule: Address;
  readonly policyRegistry: Address;
  readonly metavaultRegistry: Address;
  readonly vaultAdapter: Address;
  readonly auditAnchor: Address;
  /** Left out where the chain has no such market. */
  readonly gmxAdapter?: Address | undefined;
  readonly swapAdapter?: Address | undefined;
}

/** The same options give the same addresses on every chain. */
export function planStack(options: StackOptions): StackPlan {
  const metavaults = planned("MetavaultRegistry", encodeDeployData({ abi: metavaultRegistryAbi, bytecode: metavaultRegistryBytecode }));
  const vault = planned(
    "VaultAdapter",
    encodeDeployData({ abi: vaultAdapterAbi, bytecode: vaultAdapterBytecode, args: [metavaults.address] }),
  );
  const gmx = options.gmx && planGmxAdapter(options.gmx);
  const swap = options.swap && planSwapAdapter(options.swap);
  const registry = planRegistry(options, { vault: vault.address, gmx: gmx?.address, swap: swap?.address });
  const constructorArgs = [registry.address, metavaults.address, gmx?.address ?? zeroAddress] as const;
  const session = planned(
    "SessionModule",
    encodeDeployData({ abi: sessionModuleAbi, bytecode: sessionModuleBytecode, args: constructorArgs }),
  );
  const anchor = planned("AuditAnchor", encodeDeployData({ abi: auditAnchorAbi, bytecode: auditAnchorBytecode }));
  return {
    contracts: [metavaults, vault, ...(gmx ? [gmx] : []), ...(swap ? [swap] : []), registry, session, anchor],
    addresses: {
      sessionModule: session.address,
      policyRegistry: registry.address,
      metavaultRegistry: metavaults.address,
      vaultAdapter: vault.address,
      auditAnchor: anchor.address,
      ...(gmx && { gmxAdapter: gmx.address }),
      ...(swap && { swapAdapter: swap.address }),
    },
  };
}

function planRegistry(options: StackOptions, adapters: Parameters<typeof buildGenesis>[1]): PlannedContract {
  const { rules, recipients } = buildGenesis(options, adapters);
  const args = [options.guardian, options.governor, options.delay, rules, recipients] as const;
  return planned("PolicyRegistry", encodeDeployData({ abi: policyRegistryAbi, bytecode: policyRegistryBytecode, args }));
}

function planGmxAdapter({ addresses, caps, markets, collaterals, feeds }: GmxOptions): PlannedContract {
  const args = [addresses, caps, markets, collaterals, feeds] as const;
  return planned("GmxAdapter", encodeDeployData({ abi: gmxAdapterAbi, bytecode: gmxAdapterBytecode, args }));
}

function planSwapAdapter({ router, feeds }: SwapOptions): PlannedContract {
  return planned("SwapAdapter", encodeDeployData({ abi: swapAdapterAbi, bytecode: swapAdapterBytecode, args: [router, feeds] }));
}

function planned(name: ContractName, initCode: Hex): PlannedContract {
  return { name, initCode, address: predictAddress(initCode) };
}
