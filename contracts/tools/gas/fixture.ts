import { type Address, encodeFunctionData, type Hex, maxUint256, toFunctionSelector, zeroHash } from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import type { DeployClient } from "../../deploy/deploy-client.js";
import { deploySafe } from "../../deploy/deploy-safe.js";
import { deployStack, type Stack } from "../../deploy/deploy-stack.js";
import { deployTestToken, mintTestToken } from "../../deploy/deploy-test-token.js";
import { deployTestVault } from "../../deploy/deploy-test-vault.js";
import { enableSessionModule } from "../../deploy/enable-session-module.js";
import { PROTOCOL_ERC20, PROTOCOL_ERC4626 } from "../../deploy/genesis.js";
import { type OnchainPolicy, scopeLeaf } from "../../deploy/policy.js";
import { testTokenAbi } from "../../generated/testing/test-token.js";
import { fundedClient } from "./chain.js";

const DAY = 86_400;
export const USDC = 10n ** 6n;
export const TRANSFER = toFunctionSelector("transfer(address,uint256)");

export interface Fixture {
  readonly client: DeployClient;
  /** Pays for and sends direct uses; its address is the session key. */
  readonly key: DeployClient;
  /** The same key, for signing intents. */
  readonly keyAccount: PrivateKeyAccount;
  readonly ownerClient: DeployClient;
  readonly owner: PrivateKeyAccount;
  readonly stack: Stack;
  readonly token: Address;
  readonly vault: Address;
  readonly safe: Address;
  readonly recipient: Address;
}

/** A stack, a one-owner Safe whose nonce is above 0 with the module enabled, tokens in it, and a recipient already holding some. */
export async function createFixture(client: DeployClient): Promise<Fixture> {
  const token = await deployTestToken(client, { name: "USD Coin", symbol: "USDC", decimals: 6 });
  const vault = await deployTestVault(client, { asset: token, name: "Vault", symbol: "vUSDC" });
  const recipient = privateKeyToAccount(generatePrivateKey()).address;
  const roles = { guardian: client.account.address, governor: client.account.address, delay: 2 * DAY };
  const stack = await deployStack({ client, ...roles, tokens: [token], recipients: [recipient], vaults: [vault] });
  const [key, keyAccount] = await localClient(client);
  const [ownerClient, owner] = await localClient(client);
  const safe = await deploySafe({ client, owners: [owner.address], threshold: 1, saltNonce: 1n });
  await enableSessionModule(client, { safe, sessionModule: stack.sessionModule, owners: [owner] });
  await mintTestToken(client, token, safe, 100_000n * USDC);
  await mintTestToken(client, token, recipient, USDC);
  return { client, key, keyAccount, ownerClient, owner, stack, token, vault, safe, recipient };
}

/** 1 target, 1 selector, fixed recipient, 1,000 per 24 h, 10 calls per 24 h, 30 days: the work of the peers' table. */
export async function transferPolicy(fixture: Fixture): Promise<OnchainPolicy> {
  const scopeRoot = scopeLeaf(fixture.token, TRANSFER, fixture.recipient);
  return { ...(await basePolicy(fixture)), protocolMask: 1n << BigInt(PROTOCOL_ERC20), scopeRoot };
}

/** A session of the vault adapter with the same limits; scope is the whole protocol. */
export async function vaultPolicy(fixture: Fixture): Promise<OnchainPolicy> {
  return { ...(await basePolicy(fixture)), protocolMask: 1n << BigInt(PROTOCOL_ERC4626), scopeRoot: zeroHash };
}

export function transferCall({ token, recipient }: Fixture): { to: Address; value: bigint; data: Hex } {
  return { to: token, value: 0n, data: encodeFunctionData({ abi: testTokenAbi, functionName: "transfer", args: [recipient, 10n * USDC] }) };
}

let salt = 0n;

async function basePolicy({ client, safe, key, token }: Fixture): Promise<OnchainPolicy> {
  const now = Number((await client.getBlock()).timestamp);
  salt += 1n;
  return {
    safe,
    key: key.account.address,
    validAfter: now,
    validUntil: now + 30 * DAY,
    rateWindow: DAY,
    maxOps: 10,
    budgetWindow: DAY,
    epoch: 0,
    rulesBefore: now,
    protocolMask: 0n,
    scopeRoot: zeroHash,
    maxSlippageBps: 0,
    policyHash: `0x${(maxUint256 / 3n + salt).toString(16)}`,
    limits: [{ token, perOp: 100n * USDC, perPeriod: 1_000n * USDC }],
  };
}

async function localClient(client: DeployClient): Promise<[DeployClient, PrivateKeyAccount]> {
  const account = privateKeyToAccount(generatePrivateKey());
  return [await fundedClient(client, account), account];
}
