import { getAddress } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { foundry } from "viem/chains";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { safeMessageHash } from "#platform/safe/safe-message.js";
import { armDigest } from "#platform/session-policy/arm-digest.js";
import { policyId } from "#platform/session-policy/onchain-policy.js";
import { createDeployClient } from "../../../../../contracts/deploy/deploy-client.js";
import { deploySafe } from "../../../../../contracts/deploy/deploy-safe.js";
import { deployStack } from "../../../../../contracts/deploy/deploy-stack.js";
import { enableSessionModule } from "../../../../../contracts/deploy/enable-session-module.js";
import { sendAndWait } from "../../../../../contracts/deploy/send-and-wait.js";
import { startChain } from "../../../../../deploy/local/anvil.js";
import { armWithSigCalldata, disarmCalldata } from "../../application/module-calls.js";
import { hash, KEY, TOKEN } from "../../testing/session.builder.js";
import { ViemChainReader } from "./viem-chain-reader.js";

const owner = mnemonicToAccount("test test test test test test test test test test test junk");
type World = Awaited<ReturnType<typeof prepare>>;
let world: World;

async function prepare() {
  const chain = await startChain();
  const client = createDeployClient({ rpcUrl: chain.url, chain: foundry, account: owner });
  const genesis = { tokens: [TOKEN], recipients: [], vaults: [] };
  const stack = await deployStack({ client, guardian: owner.address, governor: owner.address, delay: 172_800, ...genesis });
  const safe = await deploySafe({ client, owners: [owner.address], threshold: 1, saltNonce: 1n });
  const module = stack.sessionModule;
  const reader = new ViemChainReader({ rpcUrls: ["http://127.0.0.1:1", chain.url], module });
  return { chain, client, safe, module, reader };
}

beforeAll(async () => {
  world = await prepare();
});
afterAll(() => world.chain.stop());

const hex = (text: string) => `0x${text.slice(2)}` as const;

describe("reading the chain, with the first RPC away", () => {
  it("tells a Safe's owners, threshold and whether the module is enabled", async () => {
    const { reader, safe, client, module } = world;
    const before = await reader.account(safe);
    expect(before).toMatchObject({ owners: [owner.address], threshold: 1, nonce: 0n, moduleEnabled: false, epoch: 0 });
    await enableSessionModule(client, { safe, sessionModule: module, owners: [owner] });
    expect(await reader.account(safe)).toMatchObject({ nonce: 1n, moduleEnabled: true });
  });

  it.each([
    ["an EOA", () => owner.address],
    ["a contract that is no Safe", () => world.module],
  ])("says clearly that %s is not supported", async (_, account) => {
    await expect(world.reader.account(account())).rejects.toMatchObject({ code: "UNSUPPORTED_ACCOUNT" });
  });

  it("reads the armed policy and the owners' signatures from the transaction, and the standing before and after a revocation", async () => {
    const { reader, safe, client, module } = world;
    const { timestamp } = await client.getBlock();
    const window = {
      validAfter: Number(timestamp),
      validUntil: Number(timestamp) + 3_600,
      rateWindow: 60,
      budgetWindow: 60,
      rulesBefore: 1,
    };
    const limits = [{ token: TOKEN, perOp: 1n, perPeriod: 2n }];
    const rest = {
      maxOps: 1,
      epoch: 0,
      protocolMask: 2n,
      scopeRoot: hex(hash("00")),
      maxSlippageBps: 0,
      policyHash: hex(hash("11")),
      limits,
    };
    const policy = { safe, key: getAddress(KEY), ...window, ...rest };
    const deadline = Number(timestamp) + 600;
    const digest = armDigest({ chainId: 31_337n, module, policy, armNonce: 5n, deadline: BigInt(deadline) });
    const signatures = await owner.sign({ hash: safeMessageHash({ safe, chainId: 31_337n, digest }) });
    const receipt = await sendAndWait(client, { to: module, data: armWithSigCalldata(policy, 5n, deadline, signatures) });
    const id = policyId(policy);
    const seen = await reader.armTransaction(receipt.transactionHash);
    expect(seen).toMatchObject({ succeeded: true, confirmations: 1, signatures, armed: [{ policyId: id, policy }] });
    expect(await reader.standing(safe, id, 1)).toMatchObject({ armed: true, revoked: false, epoch: 0, moduleEnabled: true });
    await sendAndWait(client, { to: module, data: disarmCalldata(safe, id) });
    expect(await reader.standing(safe, id, 1)).toMatchObject({ armed: false, revoked: true });
    expect(await reader.standing(safe, id, 2)).toMatchObject({ armed: true });
  });

  it("knows no transaction that is not mined, and says nothing when no RPC answers", async () => {
    expect(await world.reader.armTransaction(hex(hash("99")))).toBeUndefined();
    const blind = new ViemChainReader({ rpcUrls: ["http://127.0.0.1:1"], module: world.module });
    await expect(blind.account(world.safe)).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
    await expect(blind.armTransaction(hex(hash("99")))).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
  });
});
