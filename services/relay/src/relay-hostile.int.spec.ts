import { encodeFunctionData, erc20Abi, type Hex, parseTransaction } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { vaultOperationsAbi } from "../../../contracts/generated/vault-operations.js";
import { changed, LyingRpc } from "../../../test/support/lying-rpc.js";
import { eventually } from "../../../test/support/relay-instance.js";
import { type RelayScene, relayScene } from "../../../test/support/relay-scene.js";
import { call, RECIPIENT, type RelayWorld, startRelayWorld } from "../../../test/support/relay-world.js";

let world: RelayWorld;
let scene: RelayScene | undefined;
let second: LyingRpc;

beforeEach(async () => {
  world = await startRelayWorld();
  second = await LyingRpc.inFrontOf(world.rpcUrl);
});
afterEach(async () => {
  await scene?.close();
  scene = undefined;
  await second.stop();
  await world.stop();
});

const rpc = (method: string, params: readonly unknown[]) => call(world.rpcUrl, method, params);
const pause = () => rpc("evm_setIntervalMining", [0]);
const mine = (blocks: number) => rpc("anvil_mine", [`0x${blocks.toString(16)}`]);
const resume = () => rpc("evm_setIntervalMining", [1]);
const head = () => world.client.getBlockNumber({ cacheTime: 0 });

/** A relay that reads from the honest node first, or from the other one. */
async function between(urls: readonly string[], confirmations = 2): Promise<RelayScene> {
  scene = await relayScene(world, { rpcUrls: urls, confirmations });
  scene.relay.start();
  return scene;
}

/** Resolves once the relay has looked at `blocks` more blocks. */
async function looked(at: RelayScene, blocks: number): Promise<void> {
  const until = (await head()) + BigInt(blocks);
  await eventually(`the relay has seen block ${until}`, async () => {
    const { rows } = await at.pool.query("SELECT coalesce(max(number), 0) AS top FROM relay.block");
    return BigInt(rows[0].top) >= until;
  });
}

describe("nodes that disagree", () => {
  test("one that lags keeps an execution MINED until it has caught up", async () => {
    const stuck = await head();
    second.lie = (method, [at], result) =>
      (method === "eth_getBlockByNumber" && at !== "latest" && BigInt(String(at)) > stuck) || method === "eth_getTransactionReceipt"
        ? null
        : result;
    const s = await between([world.rpcUrl, second.url]);
    const id = await s.execute(1n);
    await s.until(id, "MINED");
    await looked(s, 5);
    expect((await s.state(id)).status).toBe("MINED");
    second.beHonest();
    await s.until(id, "CONFIRMED");
    await eventually("settled", () => s.permissions.outcomes(id).length > 0);
    expect(s.permissions.outcomes(id)).toEqual(["committed"]);
  });

  test("one on a fork keeps an execution MINED while it says so", async () => {
    second.lie = (method, _params, result) =>
      method === "eth_getBlockByNumber" ? changed(result, { hash: `0x${"f0".repeat(32)}` }) : result;
    const s = await between([world.rpcUrl, second.url]);
    const id = await s.execute(1n);
    await s.until(id, "MINED");
    await looked(s, 5);
    expect((await s.state(id)).status).toBe("MINED");
    second.beHonest();
    await s.until(id, "CONFIRMED");
  });

  test.each(["first", "second"])("a %s one that says a receipt failed is not believed, and the budget is counted once", async (which) => {
    second.lie = (method, _params, result) => (method === "eth_getTransactionReceipt" ? changed(result, { status: "0x0" }) : result);
    const s = await between(which === "first" ? [second.url, world.rpcUrl] : [world.rpcUrl, second.url]);
    const before = await world.received();
    const id = await s.execute(7n);
    await eventually("it is on chain", async () => (await world.received()) === before + 7n);
    await looked(s, 5);
    expect(["BROADCAST", "SIGNED"]).toContain((await s.state(id)).status);
    second.beHonest();
    await s.until(id, "CONFIRMED");
    await eventually("settled", () => s.permissions.outcomes(id).length > 0);
    expect([s.permissions.outcomes(id), await world.received()]).toEqual([["committed"], before + 7n]);
  });

  test("one that knows no receipts hides nothing", async () => {
    second.lie = (method, _params, result) => (method === "eth_getTransactionReceipt" ? null : result);
    const s = await between([second.url, world.rpcUrl], 1);
    const before = await world.received();
    const ids = await Promise.all([1n, 2n, 3n, 4n].map(s.execute));
    for (const id of ids) await s.until(id, "CONFIRMED");
    expect(await world.received()).toBe(before + 10n);
  });
});

describe("a nonce of ours that somebody else uses", () => {
  const thief = () => privateKeyToAccount(world.relayerKey);
  /** A transaction of the relayer's own account that we did not sign, under `nonce`, with better fees. */
  async function steal(nonce: bigint): Promise<void> {
    const fees = { maxFeePerGas: 400_000_000_000n, maxPriorityFeePerGas: 300_000_000_000n };
    const raw = await thief().signTransaction({
      type: "eip1559",
      chainId: world.chainId,
      nonce: Number(nonce),
      to: RECIPIENT,
      gas: 21_000n,
      ...fees,
    });
    await rpc("eth_sendRawTransaction", [raw]);
  }

  test("ends its execution as EXPIRED with a clear reason, gives the budget back after the deadline, and stops nothing else", async () => {
    const s = await relayScene(world);
    scene = s;
    await pause();
    s.relay.start();
    const before = await world.received();
    const id = await s.execute(1n);
    await s.until(id, "BROADCAST");
    const { lease, attempts } = await s.state(id);
    await rpc("anvil_dropTransaction", [attempts[0]?.transactionHash]);
    await steal(BigInt(lease?.nonce ?? 0));
    await mine(1);
    await resume();
    const other = await s.execute(2n);
    await s.until(other, "CONFIRMED");
    expect((await s.state(id)).status).toBe("BROADCAST");
    await rpc("evm_increaseTime", [200]);
    await s.until(id, "EXPIRED");
    expect((await s.state(id)).reasons.map(({ code }) => code)).toEqual(["NONCE_STOLEN"]);
    await eventually("settled", () => s.permissions.outcomes(id).length > 0);
    expect([s.permissions.outcomes(id), await world.received()]).toEqual([["expired"], before + 2n]);
    await looked(s, 3);
    expect((await s.state(id)).attempts.filter(({ kind }) => kind === "intent")).toHaveLength(1);
  });

  test("ends a cancelled execution as CANCELLED", async () => {
    const s = await relayScene(world);
    scene = s;
    await pause();
    s.relay.start();
    const id = await s.execute(1n);
    await s.until(id, "BROADCAST");
    const { lease, attempts } = await s.state(id);
    await rpc("anvil_dropTransaction", [attempts[0]?.transactionHash]);
    await steal(BigInt(lease?.nonce ?? 0));
    await mine(1);
    await s.relay.cancel.cancel(s.owner, id);
    await resume();
    await s.until(id, "CANCELLED");
  });
});

describe("a signed intent that a third party submits first", () => {
  test("has its effect once, counts against the budget once, and ends with the reason", async () => {
    const s = await relayScene(world);
    scene = s;
    await pause();
    s.relay.start();
    const before = await world.received();
    const id = await s.execute(9n);
    await s.until(id, "BROADCAST");
    const [attempt] = (await s.state(id)).attempts;
    const { rows } = await s.pool.query<{ raw: Hex }>("SELECT raw FROM relay.attempt WHERE hash = $1", [attempt?.transactionHash]);
    const { to, data } = parseTransaction(rows[0]?.raw ?? "0x");
    // The calldata is public once it is in a pool; whoever pays more is mined first.
    const fees = { maxFeePerGas: 400_000_000_000n, maxPriorityFeePerGas: 300_000_000_000n };
    const hash = await world.client.sendTransaction({ to, ...(data === undefined ? {} : { data }), gas: 1_000_000n, ...fees });
    await mine(1);
    expect((await world.client.getTransactionReceipt({ hash })).status).toBe("success");
    await resume();
    await s.until(id, "REVERTED");
    expect((await s.state(id)).reasons.map(({ code }) => code)).toEqual(["INTENT_REPLAYED"]);
    await rpc("evm_increaseTime", [200]);
    await eventually("settled", () => s.permissions.outcomes(id).length > 0);
    expect([s.permissions.outcomes(id), await world.received()]).toEqual([["committed"], before + 9n]);
  });
});

describe("other actions than one call", () => {
  test("a batch is one transaction: all of its payments, or none", async () => {
    const s = await relayScene(world);
    scene = s;
    s.relay.start();
    const before = await world.received();
    const id = await s.begin({ batch: { calls: [s.payment(3n), s.payment(4n), s.payment(5n)] } });
    await s.until(id, "CONFIRMED");
    expect(await world.received()).toBe(before + 12n);
    const tooMuch = await s.begin({ batch: { calls: [s.payment(3n), s.payment(101_000_000n)] } });
    await s.until(tooMuch, "DENIED");
    expect((await s.state(tooMuch)).reasons.map(({ code }) => code)).toEqual(["PER_OP_EXCEEDED"]);
    expect(await world.received()).toBe(before + 12n);
  });

  test("an adapter operation deposits into a vault, and one outside the limits is denied", async () => {
    const s = await relayScene(world);
    scene = s;
    s.relay.start();
    const deposit = (assets: bigint) => ({
      adapter: {
        adapter: world.adapter,
        args: encodeFunctionData({ abi: vaultOperationsAbi, functionName: "deposit", args: [world.vault, assets] }),
      },
    });
    await s.until(await s.begin(deposit(50n)), "CONFIRMED");
    const held = await world.client.readContract({ address: world.token, abi: erc20Abi, functionName: "balanceOf", args: [world.vault] });
    expect(held).toBe(50n);
    const tooMuch = await s.begin(deposit(101_000_000n));
    await s.until(tooMuch, "DENIED");
    expect((await s.state(tooMuch)).reasons.map(({ code }) => code)).toEqual(["PER_OP_EXCEEDED"]);
  });
});
