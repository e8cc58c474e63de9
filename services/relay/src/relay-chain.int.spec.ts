import { parseEther } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../../../test/support/relay-instance.js";
import { type RelayScene, relayScene } from "../../../test/support/relay-scene.js";
import { call, type RelayWorld, startRelayWorld } from "../../../test/support/relay-world.js";
import { createProviders } from "./adapters/chain/providers.js";
import { RelayerKey } from "./adapters/chain/relayer-key.js";
import { RawSender } from "./adapters/chain/sender.js";

let world: RelayWorld;
let scene: RelayScene | undefined;

// Some of these tests move the chain's clock, so each has a chain of its own.
beforeEach(async () => {
  world = await startRelayWorld();
});
afterEach(async () => {
  await scene?.close();
  scene = undefined;
  await world.stop();
});

const rpc = (method: string, params: readonly unknown[]) => call(world.rpcUrl, method, params);
const pause = () => rpc("evm_setIntervalMining", [0]);
const mine = (blocks: number) => rpc("anvil_mine", [`0x${blocks.toString(16)}`]);
/** Hash of the execution's last transaction, once it was broadcast. */
const sent = async (s: RelayScene, id: string) => {
  await s.until(id, "BROADCAST", "CANCELLING");
  return (await s.state(id)).attempts.at(-1)?.transactionHash;
};
/** Resolves once the node has the transaction: it is stored before it is sent. */
const known = (hash: string | undefined) =>
  eventually("the node has it", async () => (await rpc("eth_getTransactionByHash", [hash])) !== null);

describe("a sender without funds", () => {
  test("holds its executions and goes on once it is refilled", async () => {
    const relayerKey = generatePrivateKey();
    const s = await relayScene({ ...world, relayerKey });
    scene = s;
    s.relay.start();
    const id = await s.execute(1n);
    await s.until(id, "HELD");
    await rpc("anvil_setBalance", [privateKeyToAccount(relayerKey).address, `0x${parseEther("1").toString(16)}`]);
    await s.until(id, "CONFIRMED");
  });
});

describe("a chain that does not go straight on", () => {
  test("of which three blocks are taken back has every execution mined again and its budget counted once", async () => {
    const mine3 = await relayScene(world, { confirmations: 6 });
    scene = mine3;
    mine3.relay.start();
    const before = await world.received();
    // Mined together in one block, with two more on top: what is taken back is exactly that.
    await pause();
    const ids = await Promise.all([1n, 2n, 3n].map(mine3.execute));
    for (const id of ids) await known(await sent(mine3, id));
    await mine(1);
    for (const id of ids) await mine3.until(id, "MINED");
    await mine(2);
    const head = await world.client.getBlockNumber();
    await eventually("the tracker saw it", async () => {
      const { rows } = await mine3.pool.query("SELECT max(number) AS top FROM relay.block");
      return BigInt(rows[0].top) === head;
    });
    await rpc("anvil_reorg", [3, []]);
    expect(await world.received()).toBe(before);
    await mine(1);
    for (const id of ids) await mine3.until(id, "REORGED", "BROADCAST", "MINED");
    await rpc("evm_setIntervalMining", [1]);
    for (const id of ids) await mine3.until(id, "CONFIRMED");
    expect(await world.received()).toBe(before + 6n);
    await eventually("settled", () => ids.every((id) => mine3.permissions.outcomes(id).at(-1) === "committed"));
    for (const id of ids) {
      const { transitions, attempts } = await mine3.state(id);
      expect(transitions.map(({ state }) => state)).toContain("REORGED");
      expect(attempts).toHaveLength(1);
      expect(mine3.permissions.outcomes(id)).toEqual(["committed", "reorged", "committed"]);
    }
  });

  test("that ignores a transaction gets it again with both fees raised, under the same nonce", async () => {
    const s = await relayScene(world, { stuckBlocks: 2 });
    scene = s;
    await pause();
    s.relay.start();
    const id = await s.execute(1n);
    await s.until(id, "BROADCAST");
    const [first] = (await s.state(id)).attempts;
    await rpc("anvil_dropTransaction", [first?.transactionHash]);
    await mine(2);
    await s.until(id, "REPLACED");
    const { attempts, lease } = await s.state(id);
    const second = attempts.at(-1);
    expect(BigInt(second?.maxFeePerGas ?? 0) * 1000n).toBeGreaterThanOrEqual(BigInt(first?.maxFeePerGas ?? 0) * 1125n);
    expect(BigInt(second?.maxPriorityFeePerGas ?? 0) * 1000n).toBeGreaterThanOrEqual(BigInt(first?.maxPriorityFeePerGas ?? 0) * 1125n);
    await rpc("evm_setIntervalMining", [1]);
    await s.until(id, "CONFIRMED");
    expect((await s.state(id)).lease).toEqual(lease);
  });

  test("with a cancelled execution mines the self-send, and the reservation waits for the deadline", async () => {
    const s = await relayScene(world);
    scene = s;
    await pause();
    s.relay.start();
    const before = await world.received();
    const id = await s.execute(1n);
    await s.until(id, "BROADCAST");
    await s.relay.cancel.cancel(s.owner, id);
    await eventually("a self-send is stored", async () => (await s.state(id)).attempts.at(-1)?.kind === "void");
    await known(await sent(s, id));
    await mine(1);
    await s.until(id, "CANCELLED");
    expect(await world.received()).toBe(before);
    expect(s.permissions.outcomes(id)).toEqual([]);
    await rpc("evm_increaseTime", [200]);
    await mine(1);
    await eventually("settled", () => s.permissions.outcomes(id).length > 0);
    expect(s.permissions.outcomes(id)).toEqual(["cancelled"]);
  });

  test("on which an intent's deadline passes unmined ends it as EXPIRED, with its nonce used up", async () => {
    const s = await relayScene(world);
    scene = s;
    await pause();
    s.relay.start();
    const id = await s.execute(1n);
    await s.until(id, "BROADCAST");
    const [first] = (await s.state(id)).attempts;
    await rpc("anvil_dropTransaction", [first?.transactionHash]);
    await rpc("evm_increaseTime", [200]);
    await mine(1);
    await eventually("a self-send is out", async () => (await s.state(id)).attempts.at(-1)?.kind === "void");
    await mine(1);
    await s.until(id, "EXPIRED");
    await eventually("settled", () => s.permissions.outcomes(id).length > 0);
    expect(s.permissions.outcomes(id)).toEqual(["expired"]);
  });
});

describe("the answers of a real node", () => {
  test("mean what the table says", async () => {
    await pause();
    const privateKey = generatePrivateKey();
    const sender = new RawSender(createProviders({ urls: [world.rpcUrl], timeoutMs: 3_000 }));
    const key = new RelayerKey(privateKey, world.chainId);
    const fees = { maxFeePerGas: 10_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };
    const outcome = async (nonce: bigint, with_ = fees) => (await sender.send((await key.signVoid(nonce, with_)).raw)).outcome;
    expect(await outcome(0n)).toBe("insufficient-funds");
    await rpc("anvil_setBalance", [key.address, "0xde0b6b3a7640000"]);
    expect(await outcome(0n)).toBe("accepted");
    expect(await outcome(0n)).toBe("already-known");
    expect(await outcome(0n, { ...fees, maxFeePerGas: fees.maxFeePerGas - 1n })).toBe("underpriced");
    await mine(1);
    expect(await outcome(0n)).toBe("nonce-too-low");
    const away = new RawSender(createProviders({ urls: ["http://127.0.0.1:1"], timeoutMs: 500 }));
    expect((await away.send((await key.signVoid(1n, fees)).raw)).outcome).toBe("transport");
  });
});
