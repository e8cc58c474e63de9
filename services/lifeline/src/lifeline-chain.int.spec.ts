import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Address, encodeFunctionData, erc20Abi, type Hex, isHex, type TypedDataDefinition } from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { createLogger } from "#platform/logging/logger.js";
import { type RunningService, startService } from "#platform/runtime/start-service.js";
import { type LocalChain, startChain } from "../../../deploy/local/anvil.js";
import { freePort } from "../../../deploy/local/free-port.js";
import { buildWorld, fund, type World, writeDeploymentFile } from "../../../deploy/local/world.js";
import { DEPOSIT, safeWithPosition } from "../test/support/safe-with-position.js";
import { emergencyAbi } from "./domain/emergency-abi.js";
import { service } from "./service.js";

const hex = z.custom<Hex>((value) => isHex(value));
const prepared = z.object({
  transaction: z.object({
    to: hex,
    data: hex,
    value: z.string().transform(BigInt),
    nonce: z.number(),
    gas: z.string().transform(BigInt),
    maxFeePerGas: z.string().transform(BigInt),
    maxPriorityFeePerGas: z.string().transform(BigInt),
    chainId: z.number(),
  }),
  sponsored: z.custom<TypedDataDefinition>().and(z.object({ message: z.object({ deadline: z.string() }).loose() })),
});
const submitted = z.object({ transactionHash: hex, acceptedBy: z.number(), authority: z.string() });

let chain: LocalChain;
let world: World;
let running: RunningService;
let url: string;
let owner: PrivateKeyAccount;
let stranger: PrivateKeyAccount;
let safe: Address;
const folder = mkdtempSync(join(tmpdir(), "lifeline-chain-"));
const deploymentFile = join(folder, "deployment.json");

async function fundedWallet(): Promise<PrivateKeyAccount> {
  const wallet = privateKeyToAccount(generatePrivateKey());
  await fund(world, wallet.address, "1");
  return wallet;
}

const balance = (asset: Address) => world.client.readContract({ address: asset, abi: erc20Abi, functionName: "balanceOf", args: [safe] });
const epoch = () =>
  world.client.readContract({ address: world.contracts.sessionModule, abi: emergencyAbi, functionName: "epochOf", args: [safe] });

const post = (path: string, body: unknown) =>
  fetch(`${url}${path}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
const prepare = async (body: object) => prepared.parse(await (await post("/emergency/prepare", { account: safe, ...body })).json());
const signed = (by: PrivateKeyAccount, transaction: z.infer<typeof prepared>["transaction"], change: object = {}) =>
  by.signTransaction({ type: "eip1559", ...transaction, ...change });

/** Hands a signed transaction in and waits until it is mined. */
async function submit(rawTransaction: Hex): Promise<z.infer<typeof submitted>> {
  const response = await post("/emergency/submit", { rawTransaction });
  expect(response.status).toBe(202);
  const answer = submitted.parse(await response.json());
  const receipt = await world.client.waitForTransactionReceipt({ hash: answer.transactionHash });
  expect(receipt.status).toBe("success");
  return answer;
}

beforeAll(async () => {
  chain = await startChain();
  world = await buildWorld(chain.url);
  writeDeploymentFile(deploymentFile, world, 1);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await chain?.stop();
});
beforeEach(async () => {
  const port = await freePort();
  const env = { HTTP_LISTEN: `127.0.0.1:${port}`, HEALTH_PORT: "0", RPC_URLS: chain.url, DEPLOYMENT_FILE: deploymentFile };
  running = await startService(service, { env, logger: createLogger({ service: "lifeline", level: "silent" }) });
  url = `http://127.0.0.1:${port}`;
  [owner, stranger] = [await fundedWallet(), await fundedWallet()];
  safe = await safeWithPosition(world, owner);
});
afterEach(() => running.stop());

describe("an owner in an emergency", () => {
  it("has the close prepared, signs it, submits it, and everything is back in the Safe", async () => {
    const { transaction } = await prepare({ owner: owner.address });
    expect([await balance(world.vault), await balance(world.token)]).toEqual([expect.any(BigInt), 0n]);
    const answer = await submit(await signed(owner, transaction));
    expect(answer).toMatchObject({ acceptedBy: 1, authority: "sender" });
    expect([await balance(world.vault), await balance(world.token)]).toEqual([0n, DEPOSIT]);
  });

  it("may send execution fees along with a close, and gets back what no position needs", async () => {
    const { transaction } = await prepare({ owner: owner.address, value: "1000" });
    expect(transaction.value).toBe(1_000n);
    const refused = await post("/emergency/prepare", { account: safe, owner: owner.address, action: "disarm_all", value: "1" });
    expect([refused.status, await refused.json()]).toMatchObject([400, { code: "VALIDATION_FAILED" }]);
  });

  it("may submit the same bytes twice: one effect, the same answer", async () => {
    const { transaction } = await prepare({ owner: owner.address, action: "disarm_all" });
    const raw = await signed(owner, transaction);
    const [one, other] = await Promise.all([
      post("/emergency/submit", { rawTransaction: raw }),
      post("/emergency/submit", { rawTransaction: raw }),
    ]);
    const answers = [submitted.parse(await one.json()), submitted.parse(await other.json())];
    expect(answers[0]?.transactionHash).toBe(answers[1]?.transactionHash);
    await world.client.waitForTransactionReceipt({ hash: answers[0]?.transactionHash ?? "0x" });
    expect(await epoch()).toBe(1);
  });

  it.each([
    ["close_all", "emergencyCloseAllWithSig", { home: DEPOSIT, epoch: 0 }],
    ["disarm_all", "disarmAllWithSig", { home: 0n, epoch: 1 }],
  ] as const)("signs the typed data of %s, and anybody pays for it", async (action, functionName, after) => {
    const { sponsored } = await prepare({ owner: owner.address, action });
    const signature = await owner.signTypedData(sponsored);
    const deadline = Number(sponsored.message.deadline);
    const data =
      functionName === "disarmAllWithSig"
        ? encodeFunctionData({ abi: emergencyAbi, functionName, args: [safe, 0, deadline, signature] })
        : encodeFunctionData({ abi: emergencyAbi, functionName, args: [safe, deadline, signature] });
    const nonce = await world.client.getTransactionCount({ address: stranger.address });
    const { transaction } = await prepare({ owner: owner.address, action });
    const answer = await submit(await signed(stranger, transaction, { data, nonce, gas: 8_000_000n }));
    expect(answer.authority).toBe("signature");
    expect({ home: await balance(world.token), epoch: await epoch() }).toEqual(after);
  });
});

describe("a stranger", () => {
  it("gets nothing prepared, and what they sign is not sent on", async () => {
    const refused = await post("/emergency/prepare", { account: safe, owner: stranger.address });
    expect([refused.status, await refused.json()]).toEqual([403, expect.objectContaining({ code: "FORBIDDEN" })]);
    const { transaction } = await prepare({ owner: owner.address });
    const answer = await post("/emergency/submit", { rawTransaction: await signed(stranger, { ...transaction, nonce: 0 }) });
    expect([answer.status, await answer.json()]).toEqual([403, expect.objectContaining({ code: "FORBIDDEN" })]);
    expect(await world.client.getTransactionCount({ address: stranger.address, blockTag: "pending" })).toBe(0);
    expect(await epoch()).toBe(0);
  });

  it("cannot close with an owner's signature for another epoch", async () => {
    const { sponsored, transaction } = await prepare({ owner: owner.address, action: "disarm_all" });
    const signature = await owner.signTypedData({ ...sponsored, message: { ...sponsored.message, epoch: "7" } });
    const deadline = Number(sponsored.message.deadline);
    const data = encodeFunctionData({ abi: emergencyAbi, functionName: "disarmAllWithSig", args: [safe, 7, deadline, signature] });
    const answer = await post("/emergency/submit", { rawTransaction: await signed(stranger, { ...transaction, nonce: 0 }, { data }) });
    expect([answer.status, await answer.json()]).toEqual([403, expect.objectContaining({ code: "SIMULATION_FAILED" })]);
    expect(await epoch()).toBe(0);
  });
});

it("says of an account that is no Safe that it is not supported", async () => {
  const answer = await post("/emergency/prepare", { account: stranger.address, owner: owner.address });
  expect([answer.status, await answer.json()]).toEqual([422, expect.objectContaining({ code: "UNSUPPORTED_ACCOUNT" })]);
});
