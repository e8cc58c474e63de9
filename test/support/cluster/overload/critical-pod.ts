import { z } from "zod";
import { until } from "../../e2e/until.js";
import type { CriticalRequest, Measured } from "../../overload/measure.js";
import type { Cluster } from "../cluster.js";
import { testPod } from "../test-pod.js";

const POD = "critical-caller";
const measured = z.object({ calls: z.number(), availability: z.number(), p99: z.number(), failures: z.record(z.string(), z.number()) });

/** Makes `calls` critical calls from a pod of their own, `perSecond`, and resolves with what came of them. */
export async function critical(
  cluster: Cluster,
  image: string,
  requests: readonly CriticalRequest[],
  { calls, perSecond, warm }: { readonly calls: number; readonly perSecond: number; readonly warm: number },
): Promise<Measured> {
  const env = {
    CRITICAL_REQUESTS: JSON.stringify(requests),
    CRITICAL_CALLS: String(calls),
    CRITICAL_RATE: String(perSecond),
    CRITICAL_WARM: String(warm),
  };
  const remove = () => cluster.kubectl("delete", "pod", POD, "--ignore-not-found", "--wait=true");
  await remove();
  await cluster.apply(
    testPod({ name: POD, image, command: ["node", "dist/test/support/overload/critical.js"], env, requests: { cpu: "400m" } }),
  );
  try {
    const patience = 120_000 + ((calls + warm) / perSecond) * 2_000;
    return await until(
      "every critical call was made",
      async () => {
        const phase = await cluster.kubectl("get", "pod", POD, "-o", "jsonpath={.status.phase}");
        return phase === "Succeeded" ? measured.parse(JSON.parse(await cluster.kubectl("logs", POD))) : undefined;
      },
      patience,
    );
  } finally {
    await remove();
  }
}
