import {
  type Address,
  type Chain,
  createTestClient,
  encodeFunctionData,
  getAddress,
  type Hex,
  http,
  type LocalAccount,
  type TestClient,
  type Transport,
} from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { foundry } from "viem/chains";
import { createDeployClient, type DeployClient } from "../../../contracts/deploy/deploy-client.js";
import { deploySafe } from "../../../contracts/deploy/deploy-safe.js";
import { deployStack } from "../../../contracts/deploy/deploy-stack.js";
import { deployTestToken, mintTestToken } from "../../../contracts/deploy/deploy-test-token.js";
import { deployTestVault } from "../../../contracts/deploy/deploy-test-vault.js";
import { enableSessionModule } from "../../../contracts/deploy/enable-session-module.js";
import { execSafeTransaction } from "../../../contracts/deploy/exec-safe-transaction.js";
import { sessionModuleAbi } from "../../../contracts/generated/session-module.js";
import { startChain } from "../../../deploy/local/anvil.js";
import type { OnchainPolicyStruct } from "../../../services/platform/src/session-policy/onchain-policy.js";

/** A development chain with the contracts, two tokens, a vault and a funded Safe. */
export interface ParityChain {
  readonly client: DeployClient;
  /** Moves time and sends for keys nobody holds. */
  readonly control: TestClient<"anvil", Transport, Chain>;
  readonly chainId: number;
  readonly safe: Address;
  readonly module: Address;
  readonly adapter: Address;
  readonly tokens: readonly [Address, Address];
  readonly vault: Address;
  /** Registered in the registry, in this order; the Safe itself is always admitted. */
  readonly recipients: readonly [Address, Address];
  /** A registered token, but no recipient of the registry. */
  readonly stranger: Address;
  readonly protocols: Readonly<Record<string, number>>;
  arm(policy: OnchainPolicyStruct): Promise<void>;
  stop(): Promise<void>;
}

const RECIPIENTS = [
  getAddress("0x00000000000000000000000000000000000a11ce"),
  getAddress("0x0000000000000000000000000000000000000b0b"),
] as const;
const MNEMONIC = "test test test test test test test test test test test junk";

/** Starts the chain and deploys everything; the caller stops it. */
export async function startParityChain(): Promise<ParityChain> {
  const chain = await startChain({ timestamp: 1_800_000_000 });
  const owner = mnemonicToAccount(MNEMONIC);
  const client = createDeployClient({ rpcUrl: chain.url, chain: { ...foundry, id: chain.chainId }, account: owner });
  const tokens = [await token(client, "USD Coin", "USDC"), await token(client, "Tether", "USDT")] as const;
  const vault = await deployTestVault(client, { asset: tokens[0], name: "Savings", symbol: "sUSDC" });
  const governance = { guardian: owner.address, governor: owner.address, delay: 0 };
  const stack = await deployStack({ client, ...governance, tokens, recipients: RECIPIENTS, vaults: [vault] });
  const safe = await deploySafe({ client, owners: [owner.address], threshold: 1, saltNonce: 1n });
  const { sessionModule: module } = stack;
  await enableSessionModule(client, { safe, sessionModule: module, owners: [owner] });
  for (const address of tokens) await mintTestToken(client, address, safe, 10n ** 30n);
  const control = createTestClient({ mode: "anvil", chain: client.chain, transport: http(chain.url) });
  return {
    client,
    control,
    chainId: chain.chainId,
    safe,
    module,
    adapter: stack.vaultAdapter,
    tokens,
    vault,
    recipients: RECIPIENTS,
    stranger: getAddress("0x00000000000000000000000000000000000051de"),
    protocols: { erc20: 1, erc4626: 2 },
    arm: async (policy) => {
      await control.impersonateAccount({ address: policy.key });
      await control.setBalance({ address: policy.key, value: 10n ** 20n });
      await arm(client, { safe, module, owner }, policy);
    },
    stop: () => chain.stop(),
  };
}

function token(client: DeployClient, name: string, symbol: string): Promise<Address> {
  return deployTestToken(client, { name, symbol, decimals: 6 });
}

interface ArmBy {
  readonly safe: Address;
  readonly module: Address;
  readonly owner: LocalAccount;
}

async function arm(client: DeployClient, { safe, module, owner }: ArmBy, policy: OnchainPolicyStruct): Promise<void> {
  const data: Hex = encodeFunctionData({ abi: sessionModuleAbi, functionName: "arm", args: [policy] });
  await execSafeTransaction(client, { safe, to: module, data, owners: [owner] });
}
