import type { Cluster } from "./cluster.js";
import { testPod } from "./test-pod.js";

/** A pod in the namespace that is no part of Interlock, restricted like all others. Resolves to its name once it runs. */
export async function startStranger(cluster: Cluster, image: string): Promise<string> {
  await cluster.apply(testPod({ name: "stranger", image, command: ["node", "-e", "setInterval(() => {}, 1000)"] }));
  await cluster.kubectl("wait", "--for=condition=Ready", "pod/stranger", "--timeout=120s");
  return "stranger";
}
