import {
  type Address,
  createWalletClient,
  encodeFunctionData,
  type Hex,
  http,
  parseEther,
  publicActions,
  toFunctionSelector,
  zeroHash,
} from "viem";
import { generatePrivateKey, type HDAccount, mnemonicToAccount, privateKeyToAccount } from "viem/accounts";
import { foundry } from "viem/chains";
import type { DeployClient } from "../../contracts/deploy/deploy-client.js";
import { deploySafe } from "../../contracts/deploy/deploy-safe.js";
import { deployStack } from "../../contracts/deploy/deploy-stack.js";
import { deployTestToken, mintTestToken } from "../../contracts/deploy/deploy-test-token.js";
import { deployTestVault } from "../../contracts/deploy/deploy-test-vault.js";
import { enableSessionModule } from "../../contracts/deploy/enable-session-module.js";
import { execSafeTransaction } from "../../contracts/deploy/exec-safe-transaction.js";
import { sessionModuleAbi } from "../../contracts/generated/session-module.js";
import { testTokenAbi } from "../../contracts/generated/testing/test-token.js";
import { startChain } from "../../deploy/local/anvil.js";
import type { OnchainPolicyStruct } from "../../services/platform/src/session-policy/onchain-policy.js";
import { policyId } from "../../services/platform/src/session-policy/onchain-policy.js";

const MNEMONIC = "test test test test test test test test test test test junk";
export const RECIPIENT: Address = "0x00000000000000000000000000000000000a11ce";
const UNIT = 1_000_000n;

/** A chain with the genuine Safe, our contracts and one armed session without a count limit. */
export interface RelayWorld {
  readonly rpcUrl: string;
  readonly chainId: number;
  readonly client: DeployClient;
  /** The Safe's only owner. */
  readonly owner: HDAccount;
  readonly module: Address;
  readonly safe: Address;
  readonly token: Address;
  /** An ERC-4626 vault of the token, and the adapter through which the session may use it. */
  readonly vault: Address;
  readonly adapter: Address;
  readonly policy: OnchainPolicyStruct;
  readonly policyId: Hex;
  /** Private key of the session; in these tests we are the vault. */
  readonly sessionKey: Hex;
  /** A funded relayer. */
  readonly relayerKey: Hex;
  /** Calldata of transfer(RECIPIENT, amount). */
  transfer(amount: bigint): Hex;
  received(): Promise<bigint>;
  mine(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts and deploys everything; blocks come once a second from then on. */
export async function startRelayWorld(): Promise<RelayWorld> {
  const chain = await startChain({});
  const owner = mnemonicToAccount(MNEMONIC);
  const client: DeployClient = createWalletClient({
    account: owner,
    chain: { ...foundry, id: chain.chainId },
    transport: http(chain.url),
    pollingInterval: 50,
  }).extend(publicActions);
  const token = await deployTestToken(client, { name: "Dollar", symbol: "USD", decimals: 6 });
  const vault = await deployTestVault(client, { asset: token, name: "Dollar vault", symbol: "vUSD" });
  const roles = { guardian: owner.address, governor: owner.address, delay: 172_800 };
  const stack = await deployStack({ client, ...roles, tokens: [token], recipients: [RECIPIENT], vaults: [vault] });
  const safe = await deploySafe({ client, owners: [owner.address], threshold: 1, saltNonce: 1n });
  await mintTestToken(client, token, safe, 1_000_000n * UNIT);
  await enableSessionModule(client, { safe, sessionModule: stack.sessionModule, owners: [owner] });
  const sessionKey = generatePrivateKey();
  const relayerKey = generatePrivateKey();
  await client.sendTransaction({ to: privateKeyToAccount(relayerKey).address, value: parseEther("100") });
  const { timestamp } = await client.getBlock();
  const policy = policyOf({ safe, token, key: privateKeyToAccount(sessionKey).address, now: Number(timestamp) });
  const data = encodeFunctionData({ abi: sessionModuleAbi, functionName: "arm", args: [policy] });
  await execSafeTransaction(client, { safe, to: stack.sessionModule, data, owners: [owner] });
  const rpc = (method: string, params: readonly unknown[]) => call(chain.url, method, params);
  // A reorganisation in a test must not reach what was deployed here.
  await rpc("anvil_mine", ["0x8"]);
  await rpc("evm_setAutomine", [false]);
  await rpc("evm_setIntervalMining", [1]);
  return {
    rpcUrl: chain.url,
    chainId: chain.chainId,
    client,
    owner,
    module: stack.sessionModule,
    safe,
    token,
    vault,
    adapter: stack.vaultAdapter,
    policy,
    policyId: policyId(policy),
    sessionKey,
    relayerKey,
    transfer: (amount) => encodeFunctionData({ abi: testTokenAbi, functionName: "transfer", args: [RECIPIENT, amount] }),
    received: () => client.readContract({ address: token, abi: testTokenAbi, functionName: "balanceOf", args: [RECIPIENT] }),
    mine: () => rpc("anvil_mine", ["0x1"]),
    stop: () => chain.stop(),
  };
}

function policyOf({ safe, token, key, now }: { safe: Address; token: Address; key: Address; now: number }): OnchainPolicyStruct {
  return {
    safe,
    key,
    validAfter: now - 60,
    validUntil: now + 86_400,
    rateWindow: 86_400,
    maxOps: 0,
    budgetWindow: 86_400,
    epoch: 0,
    rulesBefore: 2 ** 40 - 1,
    protocolMask: 6n,
    scopeRoot: zeroHash,
    maxSlippageBps: 0,
    policyHash: `0x${"11".repeat(32)}`,
    limits: [{ token, perOp: 100n * UNIT, perPeriod: 1_000_000n * UNIT }],
  };
}

/** One JSON-RPC call that must succeed. */
export async function call(url: string, method: string, params: readonly unknown[]): Promise<void> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  const { error }: { error?: { message: string } } = JSON.parse(await answer.text());
  if (error !== undefined) throw new Error(`${method}: ${error.message}`);
}

/** Selector of the ERC-20 transfer that the world's session may make. */
export const TRANSFER_SELECTOR = toFunctionSelector("transfer(address,uint256)");
