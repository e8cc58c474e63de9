import { expect, it } from "vitest";
import { access, type Installation } from "../support/cluster/installation.js";
import { nothingIsDown } from "../support/cluster/ladder/ladder-bed.js";
import { startControlArm } from "../support/cluster/overload/control-arm.js";
import { critical } from "../support/cluster/overload/critical-pod.js";
import { type Flooded, flood, seconds, stopFlood, sustainable } from "../support/cluster/overload/flood-pod.js";
import { type OwnChain, startOwnChain } from "../support/cluster/overload/own-chain.js";
import { Client } from "../support/e2e/client.js";
import { payees, payments } from "../support/e2e/documents.js";
import { transfer } from "../support/e2e/execution.js";
import { grant } from "../support/e2e/grant.js";
import { newSafe, USDC } from "../support/e2e/safe.js";
import { signIn } from "../support/e2e/sign-in.js";
import { type CriticalRequest, told } from "../support/overload/measure.js";

const OVERLOAD = 6;
const CALLS = Number(process.env.OVERLOAD_CALLS ?? "1000");
const UNLOADED_CALLS = 600;
const CONTROL_CALLS = 300;
const PER_SECOND = 15;
const WARM = 150;
const SHARED_RPC = "shared-rpc";
const NO_LIMIT = "100000:100000";
/** The gateway's processor and lifeline's two quarters, all in one process. */
const CONTROL_CPU = "1500m";

/** Six times the load that gateway and relay can carry, while owners close. */
export function overload(installation: () => Installation): void {
  it(`prepares closes for owners under ${OVERLOAD} times what gateway and relay can carry, and the same handler inside the gateway does not`, {
    timeout: 1_800_000,
  }, async () => {
    const installed = installation();
    const { cluster, toolsImage: image } = installed;
    const before = String(JSON.parse(await cluster.helm("status", "interlock", "-o", "json")).version);
    const chain = await startOwnChain(installed);
    try {
      await unlimited(installed, chain);
      const { url, token } = await anExecution(installed);
      const floods = (at: string): readonly [Flooded, Flooded] => [
        { name: "flood-gateway", url: `${at}/openapi.json` },
        { name: "flood-relay", url: `${at}${url}`, token },
      ];
      const ask = (at: string, calls: number) =>
        critical(cluster, image, closesOf(at, chain), { calls, perSecond: PER_SECOND, warm: WARM });
      const gateway = "http://interlock-gateway:8080";
      const lifeline = "http://interlock-lifeline:8080";

      const unloaded = await ask(lifeline, UNLOADED_CALLS);
      const rates: number[] = [];
      for (const one of floods(gateway)) rates.push(OVERLOAD * (await sustainable(cluster, image, one)));
      const flooded = async <T>(at: string, work: () => Promise<T>): Promise<T> => {
        for (const [index, one] of floods(at).entries()) await flood(cluster, image, one, rates[index] ?? 0);
        try {
          return await work();
        } finally {
          for (const { name } of floods(at)) {
            const said = await seconds(cluster, name).catch(() => []);
            console.log(`${name}: ${JSON.stringify(said.at(-1))} in its last second`);
            await stopFlood(cluster, name);
          }
        }
      };
      console.log(`flood ${rates.join("/s and ")}/s (${OVERLOAD}x); unloaded ${told(unloaded)}`);
      const arm = await startControlArm(installed, chain, CONTROL_CPU);
      const control = await flooded(arm.gateway, () => ask(arm.lifeline, CONTROL_CALLS)).finally(() => arm.remove());
      console.log(`control ${told(control)}`);
      const own = await flooded(gateway, () => ask(lifeline, CALLS));
      console.log(`flooded ${told(own)}`);

      expect(unloaded.availability).toBe(1);
      expect(own.availability).toBeGreaterThanOrEqual(0.999);
      expect(own.p99).toBeLessThanOrEqual(3 * unloaded.p99);
      expect(control.availability).toBeLessThan(0.9);
    } finally {
      await cluster.helm("rollback", "interlock", before, "--wait", "--timeout", "8m");
      await cluster.kubectl("delete", "secret", SHARED_RPC, "--ignore-not-found");
      await chain.remove();
    }
  });
}

/** Lifeline asks a chain of its own, and nobody is refused for asking too often: a limit would shed the load before it is one. */
async function unlimited({ cluster }: Installation, { rpcUrl }: OwnChain): Promise<void> {
  // As production.md has it: the others' URLs are in a Secret, and what stands in the values is lifeline's alone.
  await cluster.apply({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: SHARED_RPC },
    stringData: { "rpc-urls": "http://dev-deps-anvil:8545" },
  });
  const sets = [
    `chain.rpcUrls={${rpcUrl}}`,
    `chain.rpcSecret.name=${SHARED_RPC}`,
    `services.lifeline.environment.EMERGENCY_RATE_LIMIT=${NO_LIMIT}`,
    "services.lifeline.resources.cpu=250m",
    ...["IP", "CREDENTIAL", "ACCOUNT"].map((of) => `services.gateway.environment.RATE_LIMIT_${of}=${NO_LIMIT}`),
  ];
  await cluster.helm("upgrade", "interlock", "charts/interlock", "--reuse-values", "--set", sets.join(","), "--wait", "--timeout", "8m");
}

/** What an owner in need asks: the close and the disarm, ready to sign, with simulation and fees from the chain, and the calldata for any wallet. */
const closesOf = (lifeline: string, { safe: { address, owners } }: OwnChain): readonly CriticalRequest[] => [
  ...["close_all", "disarm_all"].map((action) => ({
    method: "POST" as const,
    url: `${lifeline}/emergency/prepare`,
    body: { action, account: address, owner: owners[0].address },
  })),
  { method: "GET", url: `${lifeline}/emergency/calldata/${address}` },
];

/** One payment through the gateway: where it is looked at, which the relay answers, and the token of who may. */
async function anExecution(installed: Installation): Promise<{ readonly url: string; readonly token: string }> {
  const way = await access(installed);
  try {
    const safe = await newSafe(way);
    const anybody = new Client(way.gatewayUrl);
    await nothingIsDown(anybody);
    const { accessToken } = await signIn(anybody, safe.owners[0], safe.address);
    const owner = anybody.as(accessToken);
    const { sessionId } = await grant(way, owner, safe, payments(way.world, { max: 0 }));
    const { status, body, text } = await owner.execute(sessionId, transfer(way.world.token, payees(way.world)[0], USDC));
    if (status !== 202) throw new Error(`POST /v1/executions answered ${status}: ${text}`);
    return { url: `/v1/executions/${String(body.executionId)}`, token: accessToken };
  } finally {
    way.close();
  }
}
