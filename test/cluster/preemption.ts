import { expect, it } from "vitest";
import type { Cluster } from "../support/cluster/cluster.js";
import type { Installation } from "../support/cluster/installation.js";
import { until } from "../support/e2e/until.js";

const ROUNDS = 5;
/** Sheddable pods that fill the node, and what each asks for. */
const FILLERS = 20;
const FILLER_CPU = "100m";
const WITHIN_SECONDS = 30;

/** A node that is full: what can be missed makes room for what stops sessions, and the emergency path is not touched. */
export function preemption(installation: () => Installation): void {
  it(`makes room for a pod of tier 1 on a full node within ${WITHIN_SECONDS} s by ending sheddable ones, lifeline untouched, ${ROUNDS} times of ${ROUNDS}`, async () => {
    const { cluster, toolsImage } = installation();
    const lifeline = async () =>
      (await cluster.pods("lifeline")).map(({ metadata, status }) => [
        metadata.uid,
        ...status.containerStatuses.map(({ restartCount }) => restartCount),
      ]);
    const before = await lifeline();
    await cluster.apply(fillers(toolsImage));
    try {
      const took: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        await nodeIsFull(cluster);
        const began = Date.now();
        await cluster.kubectl("scale", "deployment/interlock-policy", "--replicas=2");
        await until(
          "the second pod of policy is bound to the node",
          async () => ((await bound(cluster, "policy")) === 2 ? true : undefined),
          60_000,
        );
        took.push((Date.now() - began) / 1_000);
        await cluster.kubectl("rollout", "status", "deployment/interlock-policy", "--timeout=120s");
        expect(await lifeline()).toEqual(before);
        await cluster.kubectl("scale", "deployment/interlock-policy", "--replicas=1");
        await until("policy is one again", async () => ((await cluster.pods("policy")).length === 1 ? true : undefined), 120_000);
      }
      const preempted = await cluster.kubectl(
        "get",
        "events",
        "--field-selector=reason=Preempted",
        "-o",
        "jsonpath={.items[*].involvedObject.name}",
      );
      console.log(`room made after ${took.map((seconds) => seconds.toFixed(1)).join(", ")} s; preempted: ${preempted}`);
      expect(Math.max(...took)).toBeLessThanOrEqual(WITHIN_SECONDS);
      expect(preempted.split(" ").filter((name) => !name.startsWith("filler-"))).toEqual([]);
      expect(preempted).not.toBe("");
    } finally {
      await cluster.kubectl("delete", "deployment", "filler", "--wait=true");
      await until(
        "the fillers are gone",
        async () => ((await cluster.kubectl("get", "pods", "-l", "app=filler", "-o", "name")) === "" ? true : undefined),
        60_000,
      );
    }
  });
}

const bound = async (cluster: Cluster, component: string) =>
  (await cluster.kubectl("get", "pods", "-l", `app.kubernetes.io/component=${component}`, "-o", "jsonpath={.items[*].spec.nodeName}"))
    .split(" ")
    .filter((name) => name !== "").length;

/** Some fillers run and some find no room. */
async function nodeIsFull(cluster: Cluster): Promise<void> {
  await until(
    "the node is full",
    async () => {
      const phases = (await cluster.kubectl("get", "pods", "-l", "app=filler", "-o", "jsonpath={.items[*].status.phase}")).split(" ");
      return phases.includes("Running") && phases.includes("Pending") ? true : undefined;
    },
    120_000,
  );
}

function fillers(image: string): object {
  const labels = { app: "filler" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "filler" },
    spec: {
      replicas: FILLERS,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          priorityClassName: "interlock-t3",
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: 0,
          securityContext: { runAsNonRoot: true, runAsUser: 10_001, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              name: "filler",
              image,
              imagePullPolicy: "IfNotPresent",
              command: ["sleep", "3600"],
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
              resources: { requests: { cpu: FILLER_CPU, memory: "8Mi" }, limits: { cpu: FILLER_CPU, memory: "32Mi" } },
            },
          ],
        },
      },
    },
  };
}
