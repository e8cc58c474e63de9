import { readFileSync } from "node:fs";
import { encodeFunctionData, isHex } from "viem";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { allows } from "#platform/degradation/ladder.js";
import type { Condition } from "#platform/health/condition.js";
import { sessionModuleAbi } from "../../contracts/generated/session-module.js";
import type { ServiceName } from "../../deploy/local/service-environment.js";
import type { Dependency, Stack } from "../../deploy/local/stack.js";
import { fund } from "../../deploy/local/world.js";
import { FlakyProxy } from "../support/e2e/flaky-proxy.js";
import { readyStack } from "../support/e2e/ready-stack.js";
import { untilAllWell } from "../support/e2e/service-status.js";
import { until } from "../support/e2e/until.js";
import { CellProbes, PROBED, type Probed } from "../support/ladder/cell-probes.js";
import { seededNumbers } from "../support/seeded-numbers.js";

const ORDERS = Number(process.env.LADDER_ORDERS ?? 1);
const SEED = Number(process.env.INTERLOCK_SEED ?? 1);
const NO_LIMIT = "100000:100000";
/** Blocks a close may take while a node answers, and milliseconds calldata may take while none does. */
const BLOCKS = 10;
const CALLDATA_MS = 1_000;
const NOTICE_MS = 60_000;

type Victim =
  | { readonly kind: "service"; readonly name: ServiceName }
  | { readonly kind: "dependency"; readonly name: Dependency; readonly how: "refuse" | "blackhole" };

/** Services whose loss is a condition of those that call them. */
const CONDITION_OF: Readonly<Partial<Record<ServiceName | Dependency, Condition>>> = {
  database: "DbDown",
  eventLog: "KafkaDown",
  chain: "RpcDegraded",
  vault: "SignerDown",
  policy: "SignerDown",
  permissions: "SignerDown",
  relay: "SignerDown",
};
/** Processes without which a cell has nobody to serve it, beside the gateway. */
const SERVED_BY: Readonly<Record<Probed, readonly ServiceName[]>> = {
  useOpen: ["gateway", "auth", "permissions", "policy", "vault", "relay"],
  arm: ["gateway", "auth", "permissions", "vault"],
  login: ["gateway", "auth"],
  list: ["gateway", "auth", "permissions"],
  monitoring: ["monitor"],
  auditExport: ["gateway", "auth", "audit"],
  disarm: ["gateway", "auth", "permissions"],
};

const prepared = z.object({
  transaction: z.object({
    to: z.custom<`0x${string}`>(isHex),
    data: z.custom<`0x${string}`>(isHex),
    value: z.string().transform(BigInt),
    nonce: z.number(),
    gas: z.string().transform(BigInt),
    maxFeePerGas: z.string().transform(BigInt),
    maxPriorityFeePerGas: z.string().transform(BigInt),
    chainId: z.number(),
  }),
});
const submitted = z.object({ transactionHash: z.custom<`0x${string}`>(isHex) });
const calldata = z.object({ calls: z.array(z.object({ action: z.string(), data: z.string() })) });

function shuffled(seed: number): readonly Victim[] {
  const draw = seededNumbers(seed);
  const how = () => (draw(2) === 0 ? "refuse" : "blackhole");
  const services = (["gateway", "auth", "permissions", "policy", "vault", "relay", "monitor", "audit"] as const).map(
    (name): Victim => ({ kind: "service", name }),
  );
  const dependencies = (["database", "eventLog", "chain"] as const).map((name): Victim => ({ kind: "dependency", name, how: how() }));
  return [...services, ...dependencies]
    .map((victim) => ({ victim, at: draw(1_000_000) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ victim }) => victim);
}

let stack: Stack;
let probes: CellProbes;
const proxies = new Map<Dependency, FlakyProxy>();

async function open(): Promise<void> {
  const limits = { RATE_LIMIT_IP: NO_LIMIT, RATE_LIMIT_CREDENTIAL: NO_LIMIT, RATE_LIMIT_ACCOUNT: NO_LIMIT };
  stack = await readyStack({
    extra: { gateway: limits, lifeline: { EMERGENCY_RATE_LIMIT: NO_LIMIT } },
    async through(dependency, url) {
      const proxy = await FlakyProxy.to(url);
      proxies.set(dependency, proxy);
      return proxy.inFrontOf(url);
    },
  });
  probes = await CellProbes.open(stack, 120);
  // The owner pays for the raw close.
  await fund(stack.world, probes.safe.owners[0].address, "10");
}
afterEach(async () => {
  probes?.close();
  await stack?.stop();
  for (const proxy of proxies.values()) proxy.close();
});

async function post(path: string, body: unknown) {
  const response = await fetch(`${stack.lifelineUrl}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

/** Closes by the owner's own transaction; resolves with the blocks it took. */
async function closes(): Promise<number> {
  const { client } = stack.world;
  const [owner] = probes.safe.owners;
  const before = await client.getBlockNumber({ cacheTime: 0 });
  const { transaction } = prepared.parse(await post("/emergency/prepare", { account: probes.safe.address, owner: owner.address }));
  const rawTransaction = await owner.signTransaction({ type: "eip1559", ...transaction });
  const { transactionHash } = submitted.parse(await post("/emergency/submit", { rawTransaction }));
  const receipt = await client.waitForTransactionReceipt({ hash: transactionHash, pollingInterval: 200 });
  expect(receipt.status).toBe("success");
  return Number(receipt.blockNumber - before);
}

/** Asks for calldata; resolves with the milliseconds that took. */
async function givesCalldata(): Promise<number> {
  const began = performance.now();
  const { calls } = calldata.parse(await (await fetch(`${stack.lifelineUrl}/emergency/calldata/${probes.safe.address}`)).json());
  const took = performance.now() - began;
  const args = [probes.safe.address] as const;
  expect(calls.map(({ data }) => data)).toEqual([
    encodeFunctionData({ abi: sessionModuleAbi, functionName: "emergencyCloseAll", args }),
    encodeFunctionData({ abi: sessionModuleAbi, functionName: "disarmAll", args }),
  ]);
  return took;
}

async function strike(victim: Victim): Promise<void> {
  if (victim.kind === "service") await stack.process(victim.name).kill();
  else proxies.get(victim.name)?.[victim.how]();
}

/** Waits until every cell is served or refused as what is down says: neither more nor less. */
async function cellsHold(down: ReadonlySet<ServiceName | Dependency>): Promise<void> {
  const conditions = new Set([...down].flatMap((name) => CONDITION_OF[name] ?? []));
  for (const cell of PROBED) {
    const wanted = allows(cell, conditions) && SERVED_BY[cell].every((name) => !down.has(name));
    let last = "";
    await until(
      `${cell} is ${wanted ? "served" : "not served"} with ${[...down].join(", ") || "nothing"} down (last: ${last})`,
      async () => {
        const answer = await probes.ask(cell);
        last = JSON.stringify(answer);
        if ((answer.kind === "served") === wanted) return true;
        throw new Error(last);
      },
      NOTICE_MS,
    );
  }
}

describe.each(Array.from({ length: ORDERS }, (_, i) => SEED + i))("kills in the order of seed %i", (seed) => {
  it("leave the emergency close after each, serve no cell too much or too little, and everything comes back", {
    timeout: 900_000,
  }, async () => {
    await open();
    const order = shuffled(seed);
    console.log(
      `ladder-local seed ${seed}: ${order.map((one) => (one.kind === "service" ? one.name : `${one.name}:${one.how}`)).join(" ")}`,
    );
    const down = new Set<ServiceName | Dependency>();
    const [blocks, waits]: [number[], number[]] = [[], []];
    for (const victim of order) {
      await strike(victim);
      down.add(victim.name);
      if (down.has("chain")) waits.push(await givesCalldata());
      else blocks.push(await closes());
      await cellsHold(down);
    }
    for (const proxy of proxies.values()) await proxy.heal();
    for (const name of down) if (name !== "database" && name !== "eventLog" && name !== "chain") await stack.restart(name);
    await untilAllWell(stack, NOTICE_MS);
    await cellsHold(new Set());
    blocks.push(await closes());
    const most = Math.max(...blocks);
    console.log(
      `ladder-local seed ${seed}: ${blocks.length} closes mined within ${most} blocks; ${waits.length} times calldata within ${Math.round(Math.max(0, ...waits))} ms`,
    );
    expect(most).toBeLessThanOrEqual(BLOCKS);
    expect(Math.max(0, ...waits)).toBeLessThan(CALLDATA_MS);
  });
});

describe("lifeline's process", () => {
  it("answers within two seconds of its start, and stays small", async () => {
    await open();
    const took: number[] = [];
    for (let i = 0; i < 3; i += 1) {
      await stack.process("lifeline").kill();
      const began = performance.now();
      await stack.restart("lifeline");
      took.push(performance.now() - began);
    }
    for (let i = 0; i < 300; i += 1) await fetch(`${stack.lifelineUrl}/emergency/calldata/${probes.safe.address}`);
    const status = readFileSync(`/proc/${stack.process("lifeline").pid}/status`, "utf8");
    const rss = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    console.log(`lifeline: starts in ${took.map((ms) => Math.round(ms)).join(", ")} ms; ${Math.round(rss)} MiB resident after 300 calls`);
    expect(Math.min(...took)).toBeLessThan(2_000);
    expect(rss).toBeLessThan(200);
  });
});
