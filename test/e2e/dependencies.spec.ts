import { encodeFunctionData, getAddress } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { sessionModuleAbi } from "../../contracts/generated/session-module.js";
import type { ServiceName } from "../../deploy/local/service-environment.js";
import type { Dependency, Stack } from "../../deploy/local/stack.js";
import { Client } from "../support/e2e/client.js";
import { payees, payments } from "../support/e2e/documents.js";
import { follow, transfer } from "../support/e2e/execution.js";
import { FlakyProxy } from "../support/e2e/flaky-proxy.js";
import { grant } from "../support/e2e/grant.js";
import { readyStack } from "../support/e2e/ready-stack.js";
import { newSafe, type OwnedSafe, USDC } from "../support/e2e/safe.js";
import { statusOf, untilAllWell } from "../support/e2e/service-status.js";
import { signIn } from "../support/e2e/sign-in.js";
import { until } from "../support/e2e/until.js";

/** How long a service may take to be itself again after the dependency is back, milliseconds. */
const RECOVERY = 60_000;
const PRODUCERS: readonly ServiceName[] = ["auth", "permissions", "vault", "relay", "monitor", "audit"];

interface Case {
  readonly dependency: Dependency;
  readonly condition: string;
  /** Services that cannot do without it. */
  readonly needs: readonly ServiceName[];
  readonly how: "refuse" | "blackhole";
}

const DEPENDENCIES = [
  { dependency: "database", condition: "DbDown", needs: PRODUCERS },
  { dependency: "eventLog", condition: "KafkaDown", needs: PRODUCERS },
  { dependency: "chain", condition: "RpcDegraded", needs: ["auth", "permissions", "relay", "monitor"] },
] as const;
const CASES: readonly Case[] = DEPENDENCIES.flatMap((one) => (["refuse", "blackhole"] as const).map((how) => ({ ...one, how })));

let stack: Stack;
let safe: OwnedSafe;
let sessionId: string;
let owner: Client;
const proxies = new Map<Dependency, FlakyProxy>();

const proxyOf = (dependency: Dependency) => {
  const proxy = proxies.get(dependency);
  if (proxy === undefined) throw new Error(`no proxy in front of ${dependency}`);
  return proxy;
};

/** Waits until each service that needs it says that it is away, and all processes still live. */
async function untilNoticed({ condition, needs }: Case): Promise<void> {
  for (const name of needs) {
    await until(`${name} says ${condition}`, async () => {
      const { conditions } = await statusOf(stack, name);
      return conditions.some((one) => one.condition === condition) ? true : undefined;
    });
  }
  expect(needs.filter((name) => !stack.process(name).alive())).toEqual([]);
}

/** The whole way of a payment works again by itself: nothing stayed broken behind a green status. */
async function pays(): Promise<void> {
  const action = transfer(stack.world.token, payees(stack.world)[0], USDC);
  const accepted = await until("an execution is accepted", async () => {
    const reply = await owner.execute(sessionId, action);
    // The gateway finds a restarted peer within seconds of its return; until then it says 503.
    return reply.status === 503 ? undefined : reply;
  });
  expect(accepted.status, accepted.text).toBe(202);
  const done = await follow(owner, String(accepted.body.executionId));
  expect(done.state, JSON.stringify(done.reasons)).toMatch(/MINED|CONFIRMED/);
}

beforeAll(async () => {
  stack = await readyStack({
    async through(dependency, url) {
      const proxy = await FlakyProxy.to(url);
      proxies.set(dependency, proxy);
      return proxy.inFrontOf(url);
    },
  });
  const anybody = new Client(stack.gatewayUrl);
  safe = await newSafe(stack);
  owner = anybody.as((await signIn(anybody, safe.owners[0], safe.address)).accessToken);
  ({ sessionId } = await grant(stack, owner, safe, payments(stack.world, { max: 0 })));
});
afterAll(async () => {
  await stack?.stop();
  for (const proxy of proxies.values()) proxy.close();
});

describe.each(CASES)("$dependency, by $how", (one) => {
  const proxy = () => proxyOf(one.dependency);

  it("lost in flight: every service says so, lives, and is itself again when it is back", async () => {
    proxy()[one.how]();
    await untilNoticed(one);
    await proxy().heal();
    await untilAllWell(stack, RECOVERY);
    await pays();
  });

  it("away at the start: every service starts, says so, and works when it is back", async () => {
    proxy()[one.how]();
    await Promise.all(one.needs.map((name) => stack.process(name).kill()));
    await Promise.all(one.needs.map((name) => stack.restart(name)));
    await untilNoticed(one);
    await proxy().heal();
    await untilAllWell(stack, RECOVERY);
    await pays();
  });
});

describe("lifeline with every RPC dead", () => {
  const answer = z.object({ calls: z.array(z.object({ action: z.string(), to: z.string(), data: z.string() })) });
  const status = z.object({ conditions: z.array(z.string()), capabilities: z.record(z.string(), z.boolean()) });

  it.each(["refuse", "blackhole"] as const)("gives the right calldata, by %s, and says what it cannot do", async (how) => {
    proxyOf("chain")[how]();
    try {
      const { calls } = answer.parse(await (await fetch(`${stack.lifelineUrl}/emergency/calldata/${safe.address}`)).json());
      const to = getAddress(stack.world.contracts.sessionModule);
      const data = (functionName: "emergencyCloseAll" | "disarmAll") =>
        encodeFunctionData({ abi: sessionModuleAbi, functionName, args: [safe.address] });
      expect(calls).toEqual([
        { action: "close_all", to, data: data("emergencyCloseAll") },
        { action: "disarm_all", to, data: data("disarmAll") },
      ]);
      const said = status.parse(await (await fetch(`${stack.lifelineUrl}/status`)).json());
      expect(said.conditions).toContain("RpcDegraded");
      expect(said.capabilities).toMatchObject({ emergencyCalldata: true, emergencySubmit: false });
      const prepare = await fetch(`${stack.lifelineUrl}/emergency/prepare`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ account: safe.address, owner: safe.owners[0].address }),
      });
      expect(prepare.status).toBe(503);
    } finally {
      await proxyOf("chain").heal();
    }
  });
});
