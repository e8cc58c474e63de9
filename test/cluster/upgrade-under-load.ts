import { erc20Abi } from "viem";
import { expect, it } from "vitest";
import { callFromInside, type InsideCall } from "../support/cluster/inside-calls.js";
import { type Access, access, type Installation } from "../support/cluster/installation.js";
import { publishNextVersion } from "../support/cluster/next-version.js";
import { SteadyCallers } from "../support/cluster/steady-callers.js";
import { newAgent } from "../support/e2e/agent.js";
import { Client } from "../support/e2e/client.js";
import { payees, payments } from "../support/e2e/documents.js";
import { follow, transfer } from "../support/e2e/execution.js";
import { draft, grant } from "../support/e2e/grant.js";
import { newSafe, USDC } from "../support/e2e/safe.js";
import { signIn } from "../support/e2e/sign-in.js";
import { skipLoudly } from "../support/skip-loudly.js";

const PAYMENTS_PER_SECOND = 1;
/** DISARMs in store: more than seconds that an upgrade and a rollback take. */
const DRAFTS = 400;
const NO_REGISTRY = "set INTERLOCK_CLUSTER_REGISTRY to a registry that Docker pushes to and the cluster pulls from";
const EMERGENCY: InsideCall = {
  method: "GET",
  url: `http://interlock-lifeline:8080/emergency/calldata/0x${"00".repeat(19)}01`,
  statuses: [200],
};

/** An upgrade to other images with one more migration, and back, while the installation is used. */
export function upgradeUnderLoad(installation: () => Installation): void {
  const registry = process.env.INTERLOCK_CLUSTER_REGISTRY;
  if (registry === undefined) {
    skipLoudly("cluster", "upgrades and rolls back under load", NO_REGISTRY);
    return;
  }

  it("upgrades to other images and a new migration, and rolls back, with no failed emergency call or DISARM and nothing paid twice", async () => {
    const { cluster, tag } = installation();
    const next = await publishNextVersion(registry, tag);
    const upgrade = (...more: readonly string[]) =>
      cluster.helm("upgrade", "interlock", "charts/interlock", "--reuse-values", ...more, "--wait", "--timeout", "8m");
    // A set of pods with volumes replaces its pods one by one, so DISARM needs a second one.
    await upgrade("--set", "services.permissions.replicas=2");
    const before = Number(JSON.parse(await cluster.helm("status", "interlock", "-o", "json")).version);
    const way = await access(installation());
    const columns = () => cluster.sql("interlock", "SELECT count(*) FROM information_schema.columns WHERE column_name = 'next_version'");
    try {
      const load = await startLoad(installation(), way);
      await upgrade(...next);
      expect(await columns()).toBe("1");
      await cluster.helm("rollback", "interlock", String(before), "--wait", "--timeout", "8m");
      const { emergency, disarms, accepted, agent, paidOut } = await load.stop();
      console.log(
        `emergency calls ${emergency.made}, failed ${emergency.failed.length}; DISARMs ${disarms.made}, failed ${disarms.failed.length}; ` +
          `payments accepted ${accepted.size}`,
      );

      // Forward only: the older version works on the newer tables.
      expect(await columns()).toBe("1");
      expect(emergency.failed).toEqual([]);
      expect(disarms.failed).toEqual([]);
      expect(Math.min(emergency.made, disarms.made)).toBeGreaterThan(30);
      const ends = await Promise.all([...accepted].map((id) => follow(agent, id)));
      const paid = ends.filter(({ state }) => ["MINED", "CONFIRMED"].includes(state)).length;
      expect(paid).toBeGreaterThan(10);
      expect(await paidOut()).toBe(BigInt(paid) * USDC);
    } finally {
      way.close();
      await cluster.kubectl("delete", "pod,secret", "caller", "--ignore-not-found");
    }
    await upgrade("--set", "services.permissions.replicas=1");
  });
}

/** `count` drafts, some at a time. */
async function drafted(count: number, one: () => Promise<string>): Promise<readonly string[]> {
  const made: string[] = [];
  let begun = 0;
  const worker = async () => {
    while (begun < count) {
      begun += 1;
      made.push(await one());
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  return made;
}

async function startLoad({ cluster, toolsImage }: Installation, way: Access) {
  const { world } = way;
  const safe = await newSafe(way);
  const anybody = new Client(way.gatewayUrl);
  const { accessToken } = await signIn(anybody, safe.owners[0], safe.address);
  const owner = anybody.as(accessToken);
  const { sessionId } = await grant(way, owner, safe, payments(world, { max: 0 }));
  const agent = await newAgent(owner, sessionId);
  const [payee] = payees(world);
  const balance = () => world.client.readContract({ address: world.token, abi: erc20Abi, functionName: "balanceOf", args: [payee] });
  const balanceBefore = await balance();
  const drafts = await drafted(DRAFTS, async () => (await draft(owner, safe, payments(world))).sessionId);

  // Inside the cluster, as the rules of a Service serve it: a port-forward is bound to one pod and would count its end as a failure.
  const disarm = (id: string): InsideCall => ({
    method: "POST",
    url: "http://interlock-gateway:8080/v1/session_keys/revoke",
    token: accessToken,
    body: { sessionId: id, reason: "upgrade" },
    // 202: disarmed, and the vault is told as soon as it is back.
    statuses: [200, 202],
  });
  const inside = await callFromInside(cluster, toolsImage, [{ again: EMERGENCY }, { each: drafts.map(disarm) }]);
  const accepted = new Set<string>();
  const paying = new SteadyCallers(async () => {
    const key = crypto.randomUUID();
    const ask = () => agent.client.execute(sessionId, transfer(world.token, payee, USDC), key);
    // A client asks again under its key until it knows: whatever was lost on the way must not pay twice.
    const answer = await ask().catch(() => undefined);
    const known = answer?.status === 202 ? answer : await ask();
    if (known.status === 202) accepted.add(String(known.body.executionId));
  }, PAYMENTS_PER_SECOND);

  return {
    async stop() {
      await paying.stop();
      const [emergency, disarms] = await inside.stop();
      if (emergency === undefined || disarms === undefined) throw new Error("the pod that called did not say what came of it");
      return { emergency, disarms, accepted, agent: agent.client, paidOut: async () => (await balance()) - balanceBefore };
    },
  };
}
