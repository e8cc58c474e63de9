import { type Address, type Hex, pad, toFunctionSelector, toHex } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { ModuleModel } from "../model/module.js";
import { KIND, NO_ARGUMENT, RegistryModel } from "../model/registry.js";

/** The same numbers stand in contracts/test/oracle/OracleWorld.sol. */
export const PRIVATE_KEYS = { owner: key(0xb0b), key1: key(0xa11ce), key2: key(0xa11cf), stranger: key(0xbad) } as const;
export const START = 1_800_000_000;
export const CHAIN_ID = 31_337;
const DELAY = 172_800;

export const WHO = {
  owner: account(PRIVATE_KEYS.owner),
  key1: account(PRIVATE_KEYS.key1),
  key2: account(PRIVATE_KEYS.key2),
  stranger: account(PRIVATE_KEYS.stranger),
  safe: at(0x5afe0001),
  safeGuardian: at(0x56),
  guardian: at(0x6a),
  governor: at(0x60),
  recipient1: at(0xcafe0001),
  recipient2: at(0xcafe0002),
  tokenA: at(0x70000001),
  tokenB: at(0x70000002),
  vault: at(0x70000003),
  registry: at(0x80000001),
  metavaults: at(0x80000002),
  adapter: at(0x80000003),
  module: at(0x80000004),
  nobody: at(0),
} as const;

export const SELECTOR = {
  transfer: toFunctionSelector("transfer(address,uint256)"),
  approve: toFunctionSelector("approve(address,uint256)"),
  vaultDeposit: toFunctionSelector("deposit(uint256,address)"),
  deposit: toFunctionSelector("deposit(address,uint256)"),
  redeem: toFunctionSelector("redeem(address,uint256)"),
  ping: toFunctionSelector("ping()"),
  none: "0x00000000",
} as const;

/** The chain as the model sees it when a sequence starts. */
export interface World {
  readonly registry: RegistryModel;
  readonly module: ModuleModel;
}

export function newWorld(): World {
  const { guardian, governor, registry: self } = WHO;
  const registry = new RegistryModel({ guardian, governor, delay: DELAY, self });
  const two = { recipientArg: 0, amountArg: 1, exactLength: 68 };
  const bare = { recipientArg: NO_ARGUMENT, amountArg: NO_ARGUMENT, kind: KIND.call };
  registry.genesisRule(WHO.tokenA, SELECTOR.transfer, { protocolId: 1, kind: KIND.transfer, ...two });
  registry.genesisRule(WHO.tokenB, SELECTOR.transfer, { protocolId: 3, kind: KIND.transfer, ...two });
  registry.genesisRule(WHO.tokenA, SELECTOR.approve, { protocolId: 5, kind: KIND.approve, ...two });
  registry.genesisRule(WHO.vault, SELECTOR.vaultDeposit, {
    protocolId: 5,
    kind: KIND.call,
    recipientArg: 1,
    amountArg: 0,
    exactLength: 68,
  });
  registry.genesisRule(WHO.adapter, SELECTOR.deposit, { protocolId: 2, kind: KIND.adapter, ...two });
  registry.genesisRule(WHO.adapter, SELECTOR.redeem, { protocolId: 2, kind: KIND.adapter, ...two });
  registry.genesisRule(WHO.recipient1, SELECTOR.none, { protocolId: 1, ...bare, exactLength: 0 });
  registry.genesisRule(WHO.recipient2, SELECTOR.ping, { protocolId: 200, ...bare, exactLength: 4 });
  registry.genesisRecipient(1, WHO.recipient1);
  registry.genesisRecipient(3, WHO.recipient1);
  registry.genesisRecipient(3, WHO.recipient2);
  registry.genesisRecipient(2, WHO.vault);
  registry.genesisRecipient(5, WHO.vault);
  const market = { vault: WHO.vault, asset: WHO.tokenA, safe: WHO.safe };
  const module = new ModuleModel({ registry, module: WHO.module, market, adapter: WHO.adapter, owner: WHO.owner });
  module.guardian = WHO.safeGuardian;
  module.now = START;
  return { registry, module };
}

function at(value: number): Address {
  return pad(toHex(value), { size: 20 });
}

function key(value: number): Hex {
  return pad(toHex(value), { size: 32 });
}

function account(privateKey: Hex): Address {
  return `0x${privateKeyToAddress(privateKey).slice(2).toLowerCase()}`;
}
