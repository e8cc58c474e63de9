import { encodeFunctionData, getAddress } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { sessionModuleAbi } from "../../contracts/generated/session-module.js";
import type { ServiceName } from "../../deploy/local/service-environment.js";
import type { Dependency, Stack } from "../../deploy/local/stack.js";
import { DependencyBed, PRODUCERS, RECOVERY } from "../support/e2e/dependency-bed.js";
import { FlakyProxy } from "../support/e2e/flaky-proxy.js";
import { readyStack } from "../support/e2e/ready-stack.js";
import { untilAllWell } from "../support/e2e/service-status.js";

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
let bed: DependencyBed;
const proxies = new Map<Dependency, FlakyProxy>();

const proxyOf = (dependency: Dependency) => {
  const proxy = proxies.get(dependency);
  if (proxy === undefined) throw new Error(`no proxy in front of ${dependency}`);
  return proxy;
};

beforeAll(async () => {
  stack = await readyStack({
    async through(dependency, url) {
      const proxy = await FlakyProxy.to(url);
      proxies.set(dependency, proxy);
      return proxy.inFrontOf(url);
    },
  });
  bed = await DependencyBed.open(stack);
});
afterAll(async () => {
  await stack?.stop();
  for (const proxy of proxies.values()) proxy.close();
});

describe.each(CASES)("$dependency, by $how", (one) => {
  const proxy = () => proxyOf(one.dependency);

  it("lost in flight: every service says so, lives, and is itself again when it is back", async () => {
    proxy()[one.how]();
    await bed.noticed(one.condition, one.needs);
    await proxy().heal();
    await untilAllWell(stack, RECOVERY);
    await bed.pays();
  });

  it("away at the start: every service starts, says so, and works when it is back", async () => {
    proxy()[one.how]();
    await Promise.all(one.needs.map((name) => stack.process(name).kill()));
    await Promise.all(one.needs.map((name) => stack.restart(name)));
    await bed.noticed(one.condition, one.needs);
    await proxy().heal();
    await untilAllWell(stack, RECOVERY);
    await bed.pays();
  });
});

describe("lifeline with every RPC dead", () => {
  const answer = z.object({ calls: z.array(z.object({ action: z.string(), to: z.string(), data: z.string() })) });
  const status = z.object({ conditions: z.array(z.string()), capabilities: z.record(z.string(), z.boolean()) });

  it.each(["refuse", "blackhole"] as const)("gives the right calldata, by %s, and says what it cannot do", async (how) => {
    proxyOf("chain")[how]();
    try {
      const { calls } = answer.parse(await (await fetch(`${stack.lifelineUrl}/emergency/calldata/${bed.safe.address}`)).json());
      const to = getAddress(stack.world.contracts.sessionModule);
      const data = (functionName: "emergencyCloseAll" | "disarmAll") =>
        encodeFunctionData({ abi: sessionModuleAbi, functionName, args: [bed.safe.address] });
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
        body: JSON.stringify({ account: bed.safe.address, owner: bed.safe.owners[0].address }),
      });
      expect(prepare.status).toBe(503);
    } finally {
      await proxyOf("chain").heal();
    }
  });
});
