import { expect, it } from "vitest";
import type { Condition } from "#platform/health/condition.js";
import type { Cluster } from "../support/cluster/cluster.js";
import { healAllPods, isOnTheNode, Outage } from "../support/cluster/faults.js";
import { access, type Installation } from "../support/cluster/installation.js";
import { LadderBed } from "../support/cluster/ladder/ladder-bed.js";
import { Client } from "../support/e2e/client.js";
import { runMainJob } from "../support/e2e/main-job.js";
import { until } from "../support/e2e/until.js";

const CRITICAL = "interlock.dev/tier in (T0,T1)";
const DARK: readonly Condition[] = ["DbDown", "KafkaDown", "RpcDegraded"];
const RECOVERY_MS = 60_000;

/** Ends every pod of tiers 0 and 1 at once. Resolves with the seconds until as many new ones are ready. */
async function restart(cluster: Cluster): Promise<number> {
  const old = new Set((await critical(cluster)).map(({ metadata }) => metadata.uid));
  const began = Date.now();
  await cluster.kubectl("delete", "pods", "-l", CRITICAL, "--force", "--grace-period=0");
  await until(
    "every pod of tiers 0 and 1 is new and ready",
    async () => {
      const fresh = (await critical(cluster)).filter(({ metadata }) => !old.has(metadata.uid));
      return fresh.length === old.size && fresh.every(isReady) ? true : undefined;
    },
    300_000,
  );
  return (Date.now() - began) / 1_000;
}

const critical = async (cluster: Cluster) =>
  (await cluster.pods()).filter(({ metadata }) => ["T0", "T1"].includes(metadata.labels["interlock.dev/tier"] ?? ""));
const isReady = ({ status }: Awaited<ReturnType<Cluster["pods"]>>[number]) =>
  status.containerStatuses.length > 0 && status.containerStatuses.every(({ ready }) => ready);

/** A start of what matters with every dependency silent. */
export function darkStart(installation: () => Installation): void {
  if (!isOnTheNode("starts in the dark")) return;

  it("starts tiers 0 and 1 with every dependency blackholed, at most twice as slowly, and is itself again within a minute of their return", async () => {
    const { cluster } = installation();
    const way = await access(installation());
    const outages = ["kafka", "postgres", "anvil"].map(
      (name) => new Outage(cluster, `statefulset/dev-deps-${name}`, `app.kubernetes.io/name=${name}`),
    );
    try {
      const bed = await LadderBed.open(way, cluster, 0);
      const lit = await restart(cluster);
      await bed.says(new Set());
      for (const outage of outages) await outage.start("blackholed");
      const dark = await restart(cluster);
      console.log(`tiers 0 and 1 ready after ${lit.toFixed(1)} s with everything up, ${dark.toFixed(1)} s in the dark`);
      await until("it says what is dark", async () => {
        const said = await bed.conditions();
        return DARK.every((one) => said.has(one)) ? true : undefined;
      });
      // The port-forward notices with its first call that the pod it was bound to is gone, and takes another.
      await until("lifeline gives calldata in the dark", async () => {
        const { status } = await new Client(way.lifelineUrl).get(`/emergency/calldata/${bed.safe.address}`);
        return status === 200 ? true : undefined;
      });
      for (const outage of outages) await outage.end();
      const seconds = await bed.says(new Set(), RECOVERY_MS);
      console.log(`itself again ${seconds} s after the light came back`);
      expect(dark).toBeLessThan(2 * lit);
      const restarts = (await critical(cluster)).flatMap(({ status }) => status.containerStatuses.map(({ restartCount }) => restartCount));
      expect(restarts.filter((count) => count > 0)).toEqual([]);
      await runMainJob(way, () => {});
    } finally {
      await healAllPods();
      way.close();
    }
  });
}
