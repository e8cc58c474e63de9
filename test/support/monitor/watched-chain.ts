import { type Address, encodeFunctionData, type Hex, keccak256, zeroHash } from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { deploySafe } from "../../../contracts/deploy/deploy-safe.js";
import { enableSessionModule } from "../../../contracts/deploy/enable-session-module.js";
import { execSafeTransaction } from "../../../contracts/deploy/exec-safe-transaction.js";
import { type OnchainPolicy, policyId } from "../../../contracts/deploy/policy.js";
import { sessionModuleAbi } from "../../../contracts/generated/session-module.js";
import { startChain } from "../../../deploy/local/anvil.js";
import { buildWorld, type World } from "../../../deploy/local/world.js";
import type { WatchedSession } from "../../../services/monitor/src/domain/observation.js";
import { call } from "../relay-world.js";

/** A session armed on a Safe of its own, and what its owner can do behind Interlock's back. */
export interface ArmedSession extends WatchedSession {
  readonly owner: PrivateKeyAccount;
  /** One owner's direct call of the module through the Safe. */
  asSafe(data: Hex): Promise<void>;
}

export interface WatchedChain {
  readonly url: string;
  readonly chainId: number;
  readonly world: World;
  rpc(method: string, params: readonly unknown[]): Promise<void>;
  mine(blocks: number): Promise<void>;
  armedSession(): Promise<ArmedSession>;
  stop(): Promise<void>;
}

/** A development chain that mines each transaction at once, with the genuine Safe and our contracts. */
export async function startWatchedChain(): Promise<WatchedChain> {
  const chain = await startChain();
  const world = await buildWorld(chain.url);
  const { url, chainId } = chain;
  const rpc = (method: string, params: readonly unknown[]) => call(url, method, params);
  return {
    url,
    chainId,
    world,
    rpc,
    mine: (blocks) => rpc("anvil_mine", [`0x${blocks.toString(16)}`]),
    armedSession: () => armSession(world, chainId),
    stop: () => chain.stop(),
  };
}

async function armSession({ client, contracts, token }: World, chainId: number): Promise<ArmedSession> {
  const owner = privateKeyToAccount(generatePrivateKey());
  const module = contracts.sessionModule;
  const safe = await deploySafe({ client, owners: [owner.address], threshold: 1, saltNonce: 1n });
  await enableSessionModule(client, { safe, sessionModule: module, owners: [owner] });
  const asSafe = async (data: Hex) => {
    await execSafeTransaction(client, { safe, to: module, data, owners: [owner] });
  };
  const { timestamp } = await client.getBlock();
  const policy = policyOf(safe, token, Number(timestamp));
  await asSafe(encodeFunctionData({ abi: sessionModuleAbi, functionName: "arm", args: [policy] }));
  return {
    sessionId: crypto.randomUUID(),
    account: safe,
    chainId: String(chainId),
    policyId: policyId(policy),
    epoch: 0,
    module,
    owner,
    asSafe,
  };
}

function policyOf(safe: Address, token: Address, now: number): OnchainPolicy {
  return {
    safe,
    key: privateKeyToAccount(generatePrivateKey()).address,
    validAfter: now - 60,
    validUntil: now + 86_400,
    rateWindow: 86_400,
    maxOps: 0,
    budgetWindow: 86_400,
    epoch: 0,
    rulesBefore: 2 ** 40 - 1,
    protocolMask: 2n,
    scopeRoot: zeroHash,
    maxSlippageBps: 0,
    policyHash: keccak256("0x01"),
    limits: [{ token, perOp: 100n, perPeriod: 1_000n }],
  };
}
