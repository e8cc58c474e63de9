import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { chartFolder } from "../charts/helm.js";
import type { Cluster } from "./cluster.js";

const events = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ resourceVersion: z.string(), creationTimestamp: z.string() }),
      involvedObject: z.object({ name: z.string(), uid: z.string() }),
      source: z.object({ component: z.string().optional() }).optional(),
    }),
  ),
});
const topology = z.object({ services: z.record(z.string(), z.object({ tier: z.enum(["T0", "T1", "T2"]) })) });

export type Tier = "T0" | "T1" | "T2" | "T3";

export interface Eviction {
  readonly pod: string;
  readonly uid: string;
  readonly tier: Tier;
  /** Name of the service; of the pod where it is none of ours. */
  readonly service: string;
}

/** Tier of every service, from the chart's own table. */
export const TIERS: ReadonlyMap<string, Tier> = new Map(
  Object.entries(topology.parse(parse(readFileSync(join(chartFolder("interlock"), "files", "topology.yaml"), "utf8"))).services).map(
    ([name, { tier }]) => [name, tier],
  ),
);

/** Pods that the kubelet evicted, in the order it did: events count up in etcd. @throws Error for one of no tier, which is to be spared */
export async function evictions(cluster: Cluster): Promise<readonly Eviction[]> {
  const said = await cluster.kubectl("get", "events", "--field-selector=reason=Evicted", "-o", "json");
  return events
    .parse(JSON.parse(said))
    .items.filter(({ source }) => source?.component === "kubelet")
    .sort((one, other) => Number(BigInt(one.metadata.resourceVersion) - BigInt(other.metadata.resourceVersion)))
    .map(({ involvedObject: { name, uid } }) => {
      const service = /^interlock-([a-z]+)-/.exec(name)?.[1] ?? name;
      const tier = service.startsWith("sheddable-") ? "T3" : TIERS.get(service);
      if (tier === undefined) throw new Error(`${name}, which is of no tier, was evicted`);
      return { pod: name, uid, service, tier };
    });
}
