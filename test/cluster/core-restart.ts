import { expect, it } from "vitest";
import { isOnTheNode } from "../support/cluster/faults.js";
import { access, type Installation } from "../support/cluster/installation.js";
import { killContainer } from "../support/cluster/kill-container.js";
import { LadderBed } from "../support/cluster/ladder/ladder-bed.js";
import { transfer, use } from "../support/e2e/execution.js";
import { USDC } from "../support/e2e/safe.js";
import { until } from "../support/e2e/until.js";

const CORE = "signer-core";

/** The process that holds the keys dies; the kubelet starts it again, and the shell beside it goes on. */
export function coreRestart(installation: () => Installation): void {
  if (!isOnTheNode("starts the signer core again")) return;

  it("signs again after the signer core was killed: the kubelet starts that container anew, and the vault's own goes on", async () => {
    const { cluster } = installation();
    const way = await access(installation());
    try {
      const bed = await LadderBed.open(way, cluster, 0);
      const pay = async () => (await use(bed.owner, bed.sessionId, transfer(way.world.token, bed.payee, USDC))).state;
      const vault = async () => {
        const [pod] = await cluster.pods("vault");
        if (pod === undefined) throw new Error("there is no vault");
        const containers = pod.status.containerStatuses;
        const of = (name: string) => containers.find((container) => container.name === name);
        return { name: pod.metadata.name, uid: pod.metadata.uid, shell: of("vault")?.restartCount, core: of(CORE) };
      };
      expect(await pay()).toMatch(/MINED|CONFIRMED/);
      const before = await vault();
      const killed = Date.now();
      await killContainer(cluster, before.name, CORE);
      const after = await until(
        "the signer core runs anew",
        async () => {
          const now = await vault();
          return (now.core?.restartCount ?? 0) > (before.core?.restartCount ?? 0) && now.core?.ready ? now : undefined;
        },
        120_000,
      );
      const state = await until("a payment is signed", async () => ((await pay()) === "DENIED" ? undefined : "paid"), 120_000);
      console.log(`signing again ${((Date.now() - killed) / 1_000).toFixed(1)} s after the core was killed`);
      expect(state).toBe("paid");
      expect([after.uid, after.shell]).toEqual([before.uid, before.shell]);
    } finally {
      way.close();
    }
  });
}
