import { encodeFunctionData, type Hex } from "viem";
import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { InterlockError } from "#platform/errors/interlock-error.js";
import { safeMessageHash } from "#platform/safe/safe-message.js";
import { armDigest } from "#platform/session-policy/arm-digest.js";
import { policyId } from "#platform/session-policy/onchain-policy.js";
import { execSafeTransaction } from "../../../contracts/deploy/exec-safe-transaction.js";
import { sessionModuleAbi } from "../../../contracts/generated/session-module.js";
import { eventually } from "../../../test/support/relay-instance.js";
import { type RelayScene, relayScene } from "../../../test/support/relay-scene.js";
import { call, type RelayWorld, startRelayWorld } from "../../../test/support/relay-world.js";

let world: RelayWorld;
let scene: RelayScene;

beforeAll(async () => {
  world = await startRelayWorld();
});
afterAll(() => world.stop());
afterEach(() => scene.close());

/** Calldata of armWithSig for a new session of the world's Safe, signed by `sign`. */
async function arming(sign: (hash: Hex) => Promise<Hex>) {
  const policy = { ...world.policy, key: privateKeyToAddress(generatePrivateKey()) };
  const deadline = BigInt(Math.floor(Date.now() / 1000) + 3_600);
  const armNonce = BigInt(Date.now());
  const chainId = BigInt(world.chainId);
  const digest = armDigest({ chainId, module: world.module, policy, armNonce, deadline });
  const signature = await sign(safeMessageHash({ safe: world.safe, chainId, digest }));
  const args = [policy, armNonce, Number(deadline), signature] as const;
  return { policy, calldata: encodeFunctionData({ abi: sessionModuleAbi, functionName: "armWithSig", args }) };
}

const request = (calldata: string) => ({ account: world.safe, chainId: String(world.chainId), calldata });

describe("a sponsored arming", () => {
  test("is paid for once, however often it is asked for", async () => {
    scene = await relayScene(world);
    scene.relay.start();
    await eventually("the ledger is open", async () => (await scene.relay.status.read()).nextNonce !== "");
    const { policy, calldata } = await arming((hash) => world.owner.sign({ hash }));
    const first = await scene.relay.sponsorArm.sponsor(scene.owner, request(calldata));
    expect(await scene.relay.sponsorArm.sponsor(scene.owner, request(calldata))).toBe(first);
    const armed = async () => {
      const args = [world.safe, policyId(policy)] as const;
      return (await world.client.readContract({ address: world.module, abi: sessionModuleAbi, functionName: "status", args }))[0];
    };
    await eventually("armed", armed);
    expect((await scene.pool.query("SELECT FROM relay.slot WHERE current_kind = 'arm'")).rowCount).toBe(1);
  });

  test("that would fail costs no nonce", async () => {
    scene = await relayScene(world);
    scene.relay.start();
    await eventually("the ledger is open", async () => (await scene.relay.status.read()).nextNonce !== "");
    const stranger = generatePrivateKey();
    const { calldata } = await arming(async () => `0x${stranger.slice(2)}${stranger.slice(2)}1b`);
    const refused = await scene.relay.sponsorArm.sponsor(scene.owner, request(calldata)).catch((error: unknown) => error as InterlockError);
    expect(Reflect.get(Object(refused), "code")).toBe("SIMULATION_FAILED");
    expect((await scene.pool.query("SELECT FROM relay.slot")).rowCount).toBe(0);
  });
});

describe("a session that was revoked on chain behind our back", () => {
  test("is denied and reported at once, whatever the monitor does", async () => {
    scene = await relayScene(world);
    scene.relay.start();
    const data = encodeFunctionData({ abi: sessionModuleAbi, functionName: "disarm", args: [world.safe, world.policyId] });
    const mined = execSafeTransaction(world.client, { safe: world.safe, to: world.module, data, owners: [world.owner] });
    await call(world.rpcUrl, "anvil_mine", ["0x1"]);
    await mined;
    const id = await scene.execute(1n);
    await scene.until(id, "DENIED");
    expect((await scene.state(id)).reasons[0]?.code).toBe("EXTERNALLY_REVOKED");
    await eventually("reported", () => scene.permissions.reported.length === 1);
  });
});
