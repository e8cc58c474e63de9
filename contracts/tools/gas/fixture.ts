import {
  type Address,
  encodeFunctionData,
  type Hex,
  keccak256,
  maxUint256,
  stringToHex,
  toFunctionSelector,
  zeroAddress,
  zeroHash,
} from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import type { DeployClient } from "../../deploy/deploy-client.js";
import { type Doubles, deployDoubles } from "../../deploy/deploy-doubles.js";
import { deploySafe } from "../../deploy/deploy-safe.js";
import { deployStack, type Stack } from "../../deploy/deploy-stack.js";
import { deployTestToken, mintTestToken } from "../../deploy/deploy-test-token.js";
import { deployTestVault } from "../../deploy/deploy-test-vault.js";
import { enableSessionModule } from "../../deploy/enable-session-module.js";
import { type OnchainPolicy, scopeLeaf } from "../../deploy/policy.js";
import { PROTOCOL_ERC20, PROTOCOL_ERC4626, PROTOCOL_GMX, PROTOCOL_SWAP } from "../../deploy/protocols.js";
import { testTokenAbi } from "../../generated/testing/test-token.js";
import { fundedClient, START } from "./chain.js";

const DAY = 86_400;
const ETHER = 10n ** 18n;
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
  readonly doubles: Doubles;
  readonly token: Address;
  readonly vault: Address;
  readonly safe: Address;
  /** The first recipient of the transfers' protocol. */
  readonly recipient: Address;
  readonly otherRecipient: Address;
  /** Seconds an addition to the registry waits. */
  readonly delay: number;
}

/**
 * A stack, a one-owner Safe whose nonce is above 0 with the module enabled, tokens in it, and recipients already holding some.
 * Every address and signature is the same in every run, so that gas is too: zero bytes of calldata cost less than others.
 */
export async function createFixture(client: DeployClient): Promise<Fixture> {
  const token = await deployTestToken(client, { name: "USD Coin", symbol: "USDC", decimals: 6 });
  const vault = await deployTestVault(client, { asset: token, name: "Vault", symbol: "vUSDC" });
  const [recipient, otherRecipient] = [account("recipient").address, account("other recipient").address];
  const doubles = await deployDoubles(client, token);
  const delay = 2 * DAY;
  const roles = { guardian: client.account.address, governor: client.account.address, delay };
  const genesis = { tokens: [token], recipients: [recipient, otherRecipient], vaults: [vault], gmx: doubles.gmx, swap: doubles.swap };
  const stack = await deployStack({ client, ...roles, ...genesis });
  const keyAccount = account("key");
  const owner = account("owner");
  const [key, ownerClient] = [await fundedClient(client, keyAccount), await fundedClient(client, owner)];
  const safe = await deploySafe({ client, owners: [owner.address], threshold: 1, saltNonce: 1n });
  await enableSessionModule(client, { safe, sessionModule: stack.sessionModule, owners: [owner] });
  for (const [holder, amount] of [[safe, 100_000n] as const, [recipient, 1n] as const, [otherRecipient, 1n] as const]) {
    await mintTestToken(client, token, holder, amount * USDC);
  }
  await client.waitForTransactionReceipt({ hash: await client.sendTransaction({ to: safe, value: ETHER }) });
  return { client, key, keyAccount, ownerClient, owner, stack, doubles, token, vault, safe, recipient, otherRecipient, delay };
}

/** 1 target, 1 selector, fixed recipient, 1,000 per 24 h, 10 calls per 24 h, 30 days: the work of the peers' table. */
export function transferPolicy(fixture: Fixture, recipient: Address = fixture.recipient): OnchainPolicy {
  const scopeRoot = scopeLeaf(fixture.token, TRANSFER, recipient);
  return { ...basePolicy(fixture), protocolMask: 1n << BigInt(PROTOCOL_ERC20), scopeRoot };
}

/** A session of every adapter with the same limits and a native budget for fees; scope is the whole of the three protocols. */
export function adapterPolicy(fixture: Fixture): OnchainPolicy {
  const base = basePolicy(fixture);
  const ids = [PROTOCOL_ERC4626, PROTOCOL_GMX, PROTOCOL_SWAP];
  const protocolMask = ids.reduce((mask, id) => mask | (1n << BigInt(id)), 0n);
  const native = { token: zeroAddress, perOp: ETHER, perPeriod: ETHER };
  return { ...base, protocolMask, scopeRoot: zeroHash, maxSlippageBps: 100, limits: [...base.limits, native] };
}

export function transferCall({ token, recipient }: Fixture, to: Address = recipient): { to: Address; value: bigint; data: Hex } {
  return { to: token, value: 0n, data: encodeFunctionData({ abi: testTokenAbi, functionName: "transfer", args: [to, 10n * USDC] }) };
}

let salt = 0n;

function basePolicy({ safe, key, token }: Fixture): OnchainPolicy {
  salt += 1n;
  return {
    safe,
    key: key.account.address,
    validAfter: START,
    validUntil: START + 30 * DAY,
    rateWindow: DAY,
    maxOps: 10,
    budgetWindow: DAY,
    epoch: 0,
    rulesBefore: START,
    protocolMask: 0n,
    scopeRoot: zeroHash,
    maxSlippageBps: 0,
    policyHash: `0x${(maxUint256 / 3n + salt).toString(16)}`,
    limits: [{ token, perOp: 100n * USDC, perPeriod: 1_000n * USDC }],
  };
}

/** A key of this chain only, the same in every run. */
function account(name: string): PrivateKeyAccount {
  return privateKeyToAccount(keccak256(stringToHex(`gas table: ${name}`)));
}
