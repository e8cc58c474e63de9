import { expect, it } from "vitest";
import type { Cluster } from "../support/cluster/cluster.js";
import { type Eviction, evictions, TIERS, type Tier } from "../support/cluster/evictions.js";
import type { Installation } from "../support/cluster/installation.js";
import { LEFT_TO_THE_MACHINE, MemoryHog } from "../support/cluster/memory-hog.js";
import { NodeMemory } from "../support/cluster/node-memory.js";
import { testPod } from "../support/cluster/test-pod.js";
import { until } from "../support/e2e/until.js";

const ROUNDS = Number(process.env.EVICTION_ROUNDS ?? "1");
const SHEDDABLE = ["sheddable-1", "sheddable-2"];
/** Services of tier 1 that have to go before the pressure is taken off: the next to go would be the others, then lifeline. */
const CRITICAL_SEEN = 2;
/** How far below the kubelet's threshold the node is held. */
const DEPTH = 256 * 2 ** 20;
const PATIENCE_MS = 180_000;

/** Real evictions: the node runs short of memory, and the kubelet ends pods in the order of their tiers. */
export function evictionOrder(installation: () => Installation): void {
  it.each(Array.from({ length: ROUNDS }, (_, index) => index + 1))(
    "is evicted by the kubelet from the sheddable to the critical when the node runs short of memory, lifeline never, round %i",
    { timeout: 1_200_000 },
    async () => {
      const { cluster, toolsImage } = installation();
      const memory = await NodeMemory.of(cluster);
      // The node is a machine that others use: its own limit would be theirs.
      expect(memory.threshold, "the kubelet's evictionHard memory.available has to leave enough to the machine").toBeGreaterThanOrEqual(
        LEFT_TO_THE_MACHINE,
      );
      const lifeline = async () =>
        (await cluster.pods("lifeline")).map(({ metadata, status }) => [
          metadata.uid,
          status.phase,
          ...status.containerStatuses.map(({ restartCount }) => restartCount),
        ]);
      await untilReady(cluster);
      const before = await lifeline();
      // No tier's, and of no use any more: it would be evicted between them.
      await cluster.kubectl("delete", "pod", "stranger", "--ignore-not-found", "--wait=true");
      const earlier = (await evictions(cluster)).length;
      for (const name of SHEDDABLE) await cluster.apply(sheddable(name, toolsImage));
      for (const name of SHEDDABLE) await cluster.kubectl("wait", "--for=condition=Ready", `pod/${name}`, "--timeout=120s");

      const gone = await underPressure(memory, async () => (await evictions(cluster)).slice(earlier)).finally(() =>
        recover(cluster, memory),
      );

      console.log(`evicted in this order: ${gone.map(({ tier, service }) => `${tier} ${service}`).join(", ")}`);
      expect(outOfOrder(gone)).toEqual([]);
      for (const tier of ["T3", "T2"] as const) expect([...seen(gone, tier)].sort()).toEqual([...namesOf(tier)].sort());
      expect(await lifeline()).toEqual(before);
    },
  );
}

const namesOf = (tier: Tier) => (tier === "T3" ? SHEDDABLE : [...TIERS].filter(([, is]) => is === tier).map(([name]) => name));
const seen = (gone: readonly Eviction[], tier: Tier) => new Set(gone.filter((one) => one.tier === tier).map(({ service }) => service));

/** Evictions before which somebody of a lower tier should have gone. */
function outOfOrder(gone: readonly Eviction[]): readonly string[] {
  const lower: Readonly<Record<Tier, readonly Tier[]>> = { T3: [], T2: ["T3"], T1: ["T3", "T2"], T0: ["T3", "T2", "T1"] };
  return gone.flatMap(({ tier, pod }, at) =>
    lower[tier].flatMap((below) => {
      const left = namesOf(below).filter((name) => !seen(gone.slice(0, at), below).has(name));
      return left.length === 0 ? [] : [`${pod} went before ${left.join(", ")}`];
    }),
  );
}

/**
 * Holds the node below the threshold until all of tiers 3 and 2 and some of tier 1 are evicted. Resolves with the evictions.
 * @throws Error at the first thing that goes wrong: nothing may keep the pressure up that does not look
 */
async function underPressure(memory: NodeMemory, look: () => Promise<readonly Eviction[]>): Promise<readonly Eviction[]> {
  const hog = MemoryHog.start();
  const deadline = Date.now() + PATIENCE_MS;
  let tookAt = 0;
  try {
    for (;;) {
      const { bytes, at } = await memory.available();
      // What was taken last is in the figure only once it was measured anew.
      if (bytes > memory.threshold - DEPTH && at > tookAt + 1_000) {
        await hog.take(bytes - memory.threshold + 2 * DEPTH);
        tookAt = Date.now();
      }
      const gone = await look();
      if (seen(gone, "T1").size >= CRITICAL_SEEN || seen(gone, "T0").size > 0) return gone;
      if (Date.now() > deadline) throw new Error(`evicted so far: ${gone.map(({ pod }) => pod).join(", ")}`);
    }
  } finally {
    await hog.end();
  }
}

/** The pressure is off: what was evicted comes back by itself, and its remains are swept up. */
async function recover(cluster: Cluster, memory: NodeMemory): Promise<void> {
  await until("the node has memory again", async () => ((await memory.isPressed()) ? undefined : true), 180_000);
  await cluster.kubectl("delete", "pods", "--field-selector=status.phase=Failed");
  await cluster.kubectl("delete", "pods", ...SHEDDABLE, "--ignore-not-found");
  await untilReady(cluster);
}

async function untilReady(cluster: Cluster): Promise<void> {
  const sets = (await cluster.kubectl("get", "deployments,statefulsets", "-o", "name")).split("\n").filter((name) => name !== "");
  for (const one of sets) await cluster.kubectl("rollout", "status", one, "--timeout=300s");
}

/** Uses more than it asks for and less than its neighbours use. */
const sheddable = (name: string, image: string) =>
  testPod({
    name,
    image,
    command: ["node", "-e", "globalThis.kept = Buffer.alloc(32 * 2 ** 20, 1); setInterval(() => {}, 1000)"],
    priorityClassName: "interlock-t3",
    requests: { cpu: "10m", memory: "8Mi" },
  });
