import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Address, PrivateKeyAccount } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { deploySafe } from "../../contracts/deploy/deploy-safe.js";
import { enableSessionModule } from "../../contracts/deploy/enable-session-module.js";
import { type LocalChain, startChain } from "../../deploy/local/anvil.js";
import { startChild, stopChild } from "../../deploy/local/child.js";
import { compiledFolder } from "../../deploy/local/compiled-folder.js";
import { freePort } from "../../deploy/local/free-port.js";
import { buildWorld, writeDeploymentFile } from "../../deploy/local/world.js";
import { type Measured, measure, told } from "../support/overload/measure.js";
import { testTrust } from "../support/test-trust.js";

/** Critical calls of each arm, under load. */
const CALLS = Number(process.env.OVERLOAD_CALLS ?? 1_000);
const PER_SECOND = 100;
const OVERLOAD = 6;
const NO_LIMIT = "100000:100000";
const figures = z.object({ answered: z.number() });

let chain: LocalChain;
let owner: PrivateKeyAccount;
let safe: Address;
const folder = mkdtempSync(join(tmpdir(), "overload-"));
const running: ChildProcess[] = [];

beforeAll(async () => {
  chain = await startChain();
  const world = await buildWorld(chain.url);
  writeDeploymentFile(join(folder, "deployment.json"), world, 1);
  owner = privateKeyToAccount(generatePrivateKey());
  const { client, contracts } = world;
  safe = await deploySafe({ client, owners: [owner.address], threshold: 1, saltNonce: 1n });
  await enableSessionModule(client, { safe, sessionModule: contracts.sessionModule, owners: [owner] });
});
afterAll(async () => {
  await Promise.all(running.map((child) => stopChild(child, "SIGKILL")));
  await chain?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A compiled program on one processor: two arms get the same share of the machine. */
function pinned(cpu: 0 | 1, script: string, env: Readonly<Record<string, string>>): ChildProcess {
  const child = startChild("taskset", ["-c", String(cpu), process.execPath, join(compiledFolder(), script)], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.push(child);
  return child;
}

async function listening(url: string): Promise<void> {
  await expect
    .poll(
      () =>
        fetch(url).then(
          ({ ok }) => ok,
          () => false,
        ),
      { timeout: 30_000 },
    )
    .toBe(true);
}

async function gatewayEnvironment() {
  const trust = await testTrust();
  const port = await freePort();
  const peers = ["AUTH", "PERMISSIONS", "POLICY", "RELAY", "AUDIT"].map((name) => [`${name}_ADDRESS`, "127.0.0.1:1"] as const);
  const limits = { RATE_LIMIT_IP: NO_LIMIT, RATE_LIMIT_CREDENTIAL: NO_LIMIT, RATE_LIMIT_ACCOUNT: NO_LIMIT };
  const env = {
    ...trust.environment("gateway"),
    ...Object.fromEntries(peers),
    ...limits,
    HTTP_LISTEN: `127.0.0.1:${port}`,
    LOG_LEVEL: "silent",
  };
  return { env, url: `http://127.0.0.1:${port}/openapi.json` };
}

async function lifelineEnvironment() {
  const port = await freePort();
  const deployment = { RPC_URLS: chain.url, DEPLOYMENT_FILE: join(folder, "deployment.json"), EMERGENCY_RATE_LIMIT: NO_LIMIT };
  return {
    env: { HTTP_LISTEN: `127.0.0.1:${port}`, HEALTH_PORT: "0", LOG_LEVEL: "silent", ...deployment },
    url: `http://127.0.0.1:${port}`,
  };
}

/** Requests a second the gateway answers when sixteen callers ask as fast as they can. */
async function sustainable(url: string): Promise<number> {
  const flood = pinned(1, "test/support/overload/flood.js", { FLOOD_URL: url });
  const seconds: number[] = [];
  if (flood.stdout === null) throw new Error("the flood says nothing");
  for await (const line of createInterface({ input: flood.stdout })) {
    seconds.push(figures.parse(JSON.parse(line)).answered);
    if (seconds.length === 6) break;
  }
  await stopChild(flood, "SIGKILL");
  return Math.max(...seconds.slice(1));
}

/** `count` critical calls: an owner's close prepared, with simulation and fees from the chain. */
const critical = (url: string, count: number): Promise<Measured> =>
  measure([{ method: "POST", url: `${url}/emergency/prepare`, body: { account: safe, owner: owner.address } }], count, PER_SECOND);

async function underFlood<T>(url: string, rate: number, work: () => Promise<T>): Promise<T> {
  const flood = pinned(1, "test/support/overload/flood.js", { FLOOD_URL: url, FLOOD_RATE: String(rate) });
  if (flood.stdout !== null) await once(flood.stdout, "data");
  try {
    return await work();
  } finally {
    await stopChild(flood, "SIGKILL");
  }
}

describe(`${OVERLOAD} times the sustainable load on the gateway`, () => {
  it("leaves lifeline in its own process as it was, and takes the same handler inside the gateway with it", {
    timeout: 900_000,
  }, async () => {
    const [gateway, alone] = [await gatewayEnvironment(), await lifelineEnvironment()];
    const first = pinned(1, "test/support/overload/one-process.js", { OVERLOAD_GATEWAY: JSON.stringify(gateway.env) });
    const second = pinned(0, "services/lifeline/src/main.js", alone.env);
    await listening(gateway.url);
    await listening(`${alone.url}/readyz`);
    await critical(alone.url, 200);
    const unloaded = await critical(alone.url, 500);
    const rate = OVERLOAD * (await sustainable(gateway.url));
    const own = await underFlood(gateway.url, rate, () => critical(alone.url, CALLS));
    await Promise.all([stopChild(first, "SIGKILL"), stopChild(second, "SIGKILL")]);

    const [shared, inside] = [await gatewayEnvironment(), await lifelineEnvironment()];
    pinned(1, "test/support/overload/one-process.js", {
      OVERLOAD_GATEWAY: JSON.stringify(shared.env),
      OVERLOAD_LIFELINE: JSON.stringify(inside.env),
    });
    await listening(shared.url);
    await listening(`${inside.url}/readyz`);
    await critical(inside.url, 200);
    const control = await underFlood(shared.url, rate, () => critical(inside.url, Math.min(CALLS, 1_000)));
    console.log(
      `overload: flood ${rate}/s (${OVERLOAD}x); unloaded ${told(unloaded)}; own process ${told(own)}; inside the gateway ${told(control)}`,
    );
    expect(own.availability).toBeGreaterThanOrEqual(0.999);
    expect(own.p99).toBeLessThanOrEqual(3 * unloaded.p99);
    expect(control.availability).toBeLessThan(0.9);
  });
});
