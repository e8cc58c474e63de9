import { readdirSync, readFileSync } from "node:fs";
import type { Cluster } from "./cluster.js";

/** Kills every process of one container, from the node: the first one of a container is deaf to signals from inside. */
export async function killContainer(cluster: Cluster, pod: string, container: string): Promise<void> {
  const path = `{.status.containerStatuses[?(@.name=="${container}")].containerID}`;
  const id = (await cluster.kubectl("get", "pod", pod, "-o", `jsonpath=${path}`)).replace(/^.*:\/\//, "");
  if (id === "") throw new Error(`${pod} has no container ${container}`);
  const own = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && cgroupsOf(name).includes(id));
  if (own.length === 0) throw new Error(`no process of ${pod}'s container ${container} is to be seen from here`);
  for (const name of own) process.kill(Number(name), "SIGKILL");
}

/** Empty for a process that has ended meanwhile. */
function cgroupsOf(process: string): string {
  try {
    return readFileSync(`/proc/${process}/cgroup`, "utf8");
  } catch {
    return "";
  }
}
