import { z } from "zod";
import type { Cluster } from "./cluster.js";

const summary = z.object({ node: z.object({ memory: z.object({ time: z.string(), availableBytes: z.number() }) }) });
const configuration = z.object({ kubeletconfig: z.object({ evictionHard: z.object({ "memory.available": z.string() }) }) });
const UNITS: Readonly<Record<string, number>> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

/** Memory of the cluster's only node, as its kubelet sees it. */
export class NodeMemory {
  private constructor(
    private readonly cluster: Cluster,
    private readonly name: string,
    /** Bytes: with less available the kubelet evicts. */
    readonly threshold: number,
  ) {}

  static async of(cluster: Cluster): Promise<NodeMemory> {
    const name = await cluster.kubectl("get", "nodes", "-o", "jsonpath={.items[0].metadata.name}");
    const { kubeletconfig } = configuration.parse(JSON.parse(await cluster.kubectl("get", "--raw", `/api/v1/nodes/${name}/proxy/configz`)));
    return new NodeMemory(cluster, name, bytes(kubeletconfig.evictionHard["memory.available"]));
  }

  /** Bytes available, and when (milliseconds since the epoch) that was measured. */
  async available(): Promise<{ readonly bytes: number; readonly at: number }> {
    const said = await this.cluster.kubectl("get", "--raw", `/api/v1/nodes/${this.name}/proxy/stats/summary`);
    const { memory } = summary.parse(JSON.parse(said)).node;
    return { bytes: memory.availableBytes, at: Date.parse(memory.time) };
  }

  /** Whether the node says that it is short of memory. */
  async isPressed(): Promise<boolean> {
    const path = '{.status.conditions[?(@.type=="MemoryPressure")].status}';
    return (await this.cluster.kubectl("get", "node", this.name, "-o", `jsonpath=${path}`)) === "True";
  }
}

/** `200Mi` as bytes. @throws Error for a share of the whole, which is not used here */
function bytes(quantity: string): number {
  const [, amount, unit = ""] = /^(\d+)(Ki|Mi|Gi)?$/.exec(quantity) ?? [];
  if (amount === undefined) throw new Error(`evictionHard memory.available is ${quantity}, not a quantity of memory`);
  return Number(amount) * (UNITS[unit] ?? 1);
}
