import { erc20Abi } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasCluster } from "../support/cluster/cluster.js";
import { callEmergencyFromInside } from "../support/cluster/emergency-calls.js";
import { type Access, access, type Installation, install } from "../support/cluster/installation.js";
import { SteadyCallers } from "../support/cluster/steady-callers.js";
import { newAgent } from "../support/e2e/agent.js";
import { Client } from "../support/e2e/client.js";
import { payees, payments } from "../support/e2e/documents.js";
import { follow, transfer } from "../support/e2e/execution.js";
import { grant } from "../support/e2e/grant.js";
import { newSafe, USDC } from "../support/e2e/safe.js";
import { signIn } from "../support/e2e/sign-in.js";
import { NO_CLUSTER, skipLoudly } from "../support/skip-loudly.js";

if (hasCluster()) describe("an upgrade and a rollback under load", upgrade);
else skipLoudly("cluster", "fails no call and pays nothing twice", NO_CLUSTER);

const PAYMENTS_PER_SECOND = 1;

function upgrade(): void {
  let installed: Installation;
  let way: Access;

  beforeAll(async () => {
    installed = await install("interlock-upgrade");
    way = await access(installed);
  });
  afterAll(async () => {
    way?.close();
    await installed?.cluster.remove();
  });

  it("fails no call of the emergency path and has no payment happen twice", async () => {
    const { world } = way;
    const { cluster } = installed;
    const safe = await newSafe(way);
    const anybody = new Client(way.gatewayUrl);
    const owner = anybody.as((await signIn(anybody, safe.owners[0], safe.address)).accessToken);
    const { sessionId } = await grant(way, owner, safe, payments(world, { max: 0 }));
    const agent = await newAgent(owner, sessionId);
    const [payee] = payees(world);
    const balance = () => world.client.readContract({ address: world.token, abi: erc20Abi, functionName: "balanceOf", args: [payee] });
    const before = await balance();
    const accepted = new Set<string>();

    // Inside the cluster, as the rules of a Service serve it: a port-forward is bound to one pod and would count its end as a failure.
    const emergency = await callEmergencyFromInside(cluster, installed.toolsImage);
    const paying = new SteadyCallers(async () => {
      const key = crypto.randomUUID();
      const answer = await agent.client.execute(sessionId, transfer(world.token, payee, USDC), key).catch(() => undefined);
      // A client asks again under its key until it knows: whatever was lost on the way must not pay twice.
      const known = answer?.status === 202 ? answer : await agent.client.execute(sessionId, transfer(world.token, payee, USDC), key);
      if (known.status === 202) accepted.add(String(known.body.executionId));
    }, PAYMENTS_PER_SECOND);

    await cluster.helm(
      "upgrade",
      "interlock",
      "charts/interlock",
      "--reuse-values",
      "--set",
      "pods.annotations.revision=two",
      "--wait",
      "--timeout",
      "8m",
    );
    await cluster.helm("rollback", "interlock", "1", "--wait", "--timeout", "8m");
    await paying.stop();
    const calls = await emergency.stop();

    expect(calls.failed).toEqual([]);
    expect(calls.made).toBeGreaterThan(50);
    const ends = await Promise.all([...accepted].map((id) => follow(agent.client, id)));
    const paid = ends.filter(({ state }) => ["MINED", "CONFIRMED"].includes(state)).length;
    expect(await balance()).toBe(before + BigInt(paid) * USDC);
    console.log(`emergency calls ${calls.made}, failed ${calls.failed.length}; payments accepted ${accepted.size}, paid ${paid}`);
  });
}
