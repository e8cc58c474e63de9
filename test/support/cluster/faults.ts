import { spawnSync } from "node:child_process";
import { until } from "../e2e/until.js";
import { skipLoudly } from "../skip-loudly.js";
import type { Cluster } from "./cluster.js";
import { run } from "./run.js";

/** killed: its processes are gone; refused: resets for old and new connections; blackholed: silence, for those that are open too. */
export type Fault = "killed" | "refused" | "blackholed";

const MARK = "interlock-test-fault";
const VERDICTS = { refused: ["-p", "tcp", "-j", "REJECT", "--reject-with", "tcp-reset"], blackholed: ["-j", "DROP"] } as const;

const ON_THE_NODE =
  "run the tests as root in the network namespace of the cluster's only node, so that they can cut pods off and kill their processes";

/** True as root in the network namespace of the cluster's only node; elsewhere a skipped test, named `title`, says what it takes. */
export function isOnTheNode(title: string): boolean {
  const { status, stdout } = spawnSync("iptables", ["-S", "FORWARD"], { encoding: "utf8" });
  if (status === 0 && stdout.includes("KUBE-FORWARD")) return true;
  skipLoudly("cluster", title, ON_THE_NODE);
  return false;
}

/** Takes back every cut that a test made, also one that was interrupted. */
export async function healAllPods(): Promise<void> {
  const rules = (await run("iptables", "-S", "FORWARD")).split("\n").filter((rule) => rule.includes(MARK));
  for (const rule of rules) await run("iptables", "-D", ...rule.split(" ").slice(1));
}

/** One workload of the cluster that can go away and come back. */
export class Outage {
  private readonly ways: (() => Promise<void>)[] = [];

  constructor(
    private readonly cluster: Cluster,
    /** `statefulset/NAME` or `deployment/NAME`. */
    readonly workload: string,
    /** Label selector of its pods. */
    private readonly selector: string,
  ) {}

  /** Address of its first pod. */
  async address(): Promise<string> {
    return this.cluster.kubectl("get", "pods", "-l", this.selector, "-o", "jsonpath={.items[0].status.podIP}");
  }

  async start(fault: Fault): Promise<void> {
    if (fault === "killed") await this.kill();
    else await this.cut(VERDICTS[fault]);
  }

  /** Ends whatever was started; resolves when its pods are ready again. */
  async end(): Promise<void> {
    for (const way of this.ways.splice(0)) await way();
  }

  private async kill(): Promise<void> {
    const replicas = await this.cluster.kubectl("get", this.workload, "-o", "jsonpath={.spec.replicas}");
    await this.cluster.kubectl("scale", this.workload, "--replicas=0");
    await this.cluster.kubectl("delete", "pods", "-l", this.selector, "--force", "--grace-period=0");
    await until(`${this.workload} has no pod`, async () => ((await this.pods()) === "" ? true : undefined));
    this.ways.push(async () => {
      await this.cluster.kubectl("scale", this.workload, `--replicas=${replicas}`);
      await this.cluster.kubectl("rollout", "status", this.workload, "--timeout=180s");
    });
  }

  private async cut(verdict: readonly string[]): Promise<void> {
    const addresses = (await this.cluster.kubectl("get", "pods", "-l", this.selector, "-o", "jsonpath={.items[*].status.podIP}")).split(
      " ",
    );
    for (const address of addresses) {
      for (const side of ["-s", "-d"]) {
        const rule = [side, `${address}/32`, "-m", "comment", "--comment", MARK, ...verdict];
        await run("iptables", "-I", "FORWARD", "1", ...rule);
        // Gone already where somebody healed everything.
        this.ways.push(() =>
          run("iptables", "-D", "FORWARD", ...rule).then(
            () => undefined,
            () => undefined,
          ),
        );
      }
    }
  }

  private pods(): Promise<string> {
    return this.cluster.kubectl("get", "pods", "-l", this.selector, "-o", "name");
  }
}
