import { type Address, encodeFunctionData, type PrivateKeyAccount, type TypedDataDefinition } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { sessionModuleAbi } from "../../../contracts/generated/session-module.js";
import { freePort } from "../../../deploy/local/free-port.js";
import { fund } from "../../../deploy/local/world.js";
import { LifelineBed } from "./support/lifeline-bed.js";
import { DEPOSIT, safeWithPosition } from "./support/safe-with-position.js";

const json = z.record(z.string(), z.unknown());
const typed = z.custom<TypedDataDefinition>().and(z.object({ message: z.record(z.string(), z.string()) }));

let bed: LifelineBed;
let owner: PrivateKeyAccount;
let safe: Address;

beforeAll(async () => {
  bed = await LifelineBed.open();
});
afterAll(() => bed?.close());
beforeEach(async () => {
  owner = await bed.wallet();
  safe = await safeWithPosition(bed.world, owner);
});

const get = async (url: string) => json.parse(await (await fetch(url)).json());
async function post(url: string, body: unknown) {
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  return { status: response.status, body: json.parse(await response.json()) };
}

/** The owner's signature over what lifeline gives them to sign for a close. */
async function signedClose(url: string, by: PrivateKeyAccount) {
  const { body } = await post(`${url}/emergency/prepare`, { account: safe, owner: owner.address });
  const sponsored = typed.parse(body.sponsored);
  return { action: "close_all", account: safe, deadline: Number(sponsored.message.deadline), signature: await by.signTypedData(sponsored) };
}

describe("the sponsored path", () => {
  it("pays for an owner's signature, and says where the transaction stands", async () => {
    const key = generatePrivateKey();
    await fund(bed.world, privateKeyToAccount(key).address, "1");
    const { url } = await bed.start({ SPONSOR_KEY_FILE: bed.write("sponsor", key) });
    const answer = await post(`${url}/emergency/sponsor`, await signedClose(url, owner));
    expect([answer.status, answer.body]).toMatchObject([202, { transactionHash: expect.stringMatching(/^0x[0-9a-f]{64}$/) }]);
    await vi.waitFor(async () => {
      expect(await get(`${url}/emergency/transactions/${answer.body.transactionHash}`)).toMatchObject({ state: "mined" });
    });
    expect(await bed.stateOf(safe)).toEqual({ home: DEPOSIT, epoch: 0 });
  });

  it("without a sponsor gives a transaction that anybody may pay for", async () => {
    const { url } = await bed.start({ SPONSOR_KEY_FILE: "/nowhere/sponsor-key" });
    const { status, body } = await post(`${url}/emergency/sponsor`, await signedClose(url, owner));
    expect([status, body.transactionHash]).toEqual([202, undefined]);
    const { to, data } = z
      .object({ to: z.templateLiteral(["0x", z.string()]), data: z.templateLiteral(["0x", z.string()]) })
      .parse(body.transaction);
    const hash = await bed.world.client.sendTransaction({ to, data });
    expect((await bed.world.client.waitForTransactionReceipt({ hash })).status).toBe("success");
    expect((await bed.stateOf(safe)).home).toBe(DEPOSIT);
  });

  it("pays for no stranger's signature, and for nothing the chain would refuse", async () => {
    const key = generatePrivateKey();
    const sponsor = privateKeyToAccount(key);
    await fund(bed.world, sponsor.address, "1");
    const { url } = await bed.start({ SPONSOR_KEY_FILE: bed.write("sponsor", key) });
    const forged = await signedClose(url, await bed.wallet());
    expect(await post(`${url}/emergency/sponsor`, forged)).toMatchObject({ status: 403, body: { code: "SIMULATION_FAILED" } });
    const late = { ...(await signedClose(url, owner)), deadline: 1 };
    expect(await post(`${url}/emergency/sponsor`, late)).toMatchObject({ status: 403 });
    expect(await bed.world.client.getTransactionCount({ address: sponsor.address })).toBe(0);
  });

  it("says PaymasterEmpty of a sponsor without money, in status and by the mode, and pays nothing", async () => {
    const { url } = await bed.start({ SPONSOR_KEY_FILE: bed.write("sponsor", generatePrivateKey()) });
    await vi.waitFor(async () => {
      expect(await get(`${url}/status`)).toMatchObject({ conditions: ["PaymasterEmpty"], mode: "raw", sponsors: false });
    });
    expect((await post(`${url}/emergency/sponsor`, await signedClose(url, owner))).body.transactionHash).toBeUndefined();
  });
});

describe("what is not ours", () => {
  const call = () => ({
    to: bed.world.contracts.sessionModule,
    data: encodeFunctionData({ abi: sessionModuleAbi, functionName: "disarmAll", args: [safe] }),
  });

  it.each([
    ["another target", { to: `0x${"11".repeat(20)}` }, "VALIDATION_FAILED"],
    ["another chain", { chainId: 1 }, "VALIDATION_FAILED"],
    ["a function that widens power", { data: `0xdeadbeef${"00".repeat(64)}` }, "FUNCTION_NOT_ALLOWED"],
    ["value on a disarm", { value: 1n }, "VALIDATION_FAILED"],
  ] as const)("is refused and not sent on: %s", async (_what, change, code) => {
    const { url } = await bed.start();
    const fees = { nonce: 0, gas: 1_000_000n, maxFeePerGas: 2_000_000_000n };
    const rawTransaction = await owner.signTransaction({ type: "eip1559", chainId: 31_337, ...fees, ...call(), ...change });
    expect(await post(`${url}/emergency/submit`, { rawTransaction })).toMatchObject({ body: { code } });
    expect(await bed.world.client.getTransactionCount({ address: owner.address, blockTag: "pending" })).toBe(0);
  });

  it("tells a transaction that the nodes refuse from nodes that are away", async () => {
    const { url } = await bed.start();
    const poor = await bed.wallet("0");
    owner = poor;
    safe = await safeWithPosition(bed.world, poor);
    const rawTransaction = await poor.signTransaction({
      ...call(),
      type: "eip1559",
      chainId: 31_337,
      nonce: 0,
      gas: 500_000n,
      maxFeePerGas: 2_000_000_000n,
    });
    const { status, body } = await post(`${url}/emergency/submit`, { rawTransaction });
    expect([status, body.code]).toEqual([403, "SIMULATION_FAILED"]);
  });
});

describe("lifeline's look at itself", () => {
  const metricsOf = async (healthUrl: string) => (await fetch(`${healthUrl}/metrics`)).text();

  it("prepares and simulates a close of the account that is there for it, and says so in status and metrics", async () => {
    const { url, healthUrl } = await bed.start({ SELF_TEST_ACCOUNT: safe, SELF_TEST_SECONDS: "1" });
    await vi.waitFor(async () => expect(await get(`${url}/status`)).toMatchObject({ selfTest: { ok: true, what: "close" } }));
    expect(await metricsOf(healthUrl)).toContain('lifeline_self_test_success{service="lifeline"} 1');
    expect(await bed.stateOf(safe)).toEqual({ home: 0n, epoch: 0 });
  });

  it("finds out that the close would not go through", async () => {
    const { url, healthUrl } = await bed.start({ SELF_TEST_ACCOUNT: owner.address, SELF_TEST_SECONDS: "1" });
    await vi.waitFor(async () => {
      expect(await get(`${url}/status`)).toMatchObject({ selfTest: { ok: false, reason: expect.stringContaining("UNSUPPORTED_ACCOUNT") } });
    });
    expect(await metricsOf(healthUrl)).toContain('lifeline_self_test_success{service="lifeline"} 0');
  });

  it("finds out that the nodes are away, and right again when they are back, without a restart", async () => {
    const port = await freePort();
    const { url } = await bed.start({ RPC_URLS: `http://127.0.0.1:${port}`, SELF_TEST_SECONDS: "1" });
    await vi.waitFor(async () => {
      expect(await get(`${url}/status`)).toMatchObject({
        selfTest: { ok: false, reason: expect.stringContaining("DEPENDENCY_UNAVAILABLE") },
      });
    });
  });
});

describe("with every RPC dead", () => {
  it.each(["refused", "blackholed"] as const)("gives the right calldata within a second: %s", async (how) => {
    // 192.0.2.0/24 is for documentation: packets go nowhere (RFC 5737).
    const dead = how === "refused" ? `http://127.0.0.1:${await freePort()}` : "http://192.0.2.1:8545";
    const { url } = await bed.start({ RPC_URLS: dead });
    const encode = (functionName: "disarmAll" | "emergencyCloseAll") =>
      encodeFunctionData({ abi: sessionModuleAbi, functionName, args: [safe] });
    const took: number[] = [];
    for (let i = 0; i < 9; i += 1) {
      const began = performance.now();
      const body = await get(`${url}/emergency/calldata/${safe}`);
      took.push(performance.now() - began);
      expect(body.calls).toMatchObject([{ data: encode("emergencyCloseAll") }, { data: encode("disarmAll") }]);
    }
    expect(Math.max(...took)).toBeLessThan(1_000);
  });
});

describe("an operator's hold", () => {
  it("of RpcDegraded leaves calldata, and says why", async () => {
    const floor = bed.write("floor.json", '{"conditions":["RpcDegraded"]}');
    const { url } = await bed.start({ DEGRADATION_FLOOR_FILE: floor });
    await vi.waitFor(async () =>
      expect(await get(`${url}/status`)).toMatchObject({ mode: "calldata", capabilities: { emergencySubmit: false } }),
    );
    const { status, body } = await post(`${url}/emergency/prepare`, { account: safe, owner: owner.address });
    expect([status, body.code, body.detail]).toEqual([503, "CONDITION", expect.stringContaining("/emergency/calldata")]);
    expect((await fetch(`${url}/emergency/calldata/${safe}`)).status).toBe(200);
  });
});
