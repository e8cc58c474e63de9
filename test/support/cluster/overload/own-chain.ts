import { readPublishedWorld } from "../../../../deploy/cluster/published-world.js";
import { newSafe, type OwnedSafe } from "../../e2e/safe.js";
import type { Installation } from "../installation.js";

const RELEASE = "own-deps";
const CONFIG_MAP = "own-deployment";
const PORT = 8_546;

export interface OwnChain {
  readonly rpcUrl: string;
  readonly safe: OwnedSafe;
  /** deployment.json of its contracts, for a service. */
  readonly deployment: string;
  remove(): Promise<void>;
}

/** A second chain with the same contracts and a Safe, for lifeline alone: an RPC that nothing else asks. */
export async function startOwnChain({ cluster, toolsImage }: Installation): Promise<OwnChain> {
  const sets = [
    "kafka.enabled=false",
    "postgres.enabled=false",
    "chain.resources.requests.cpu=400m",
    `contracts.configMap=${CONFIG_MAP}`,
    `contracts.image=${toolsImage}`,
  ];
  await cluster.helm("install", RELEASE, "charts/dev-deps", "--set", sets.join(","), "--wait", "--wait-for-jobs", "--timeout", "5m");
  const read = (key: string) => cluster.kubectl("get", "configmap", CONFIG_MAP, "-o", `jsonpath={.data.${key}}`);
  const close = await cluster.forward(`${RELEASE}-anvil`, PORT, 8_545);
  try {
    const world = readPublishedWorld(await read("world\\.json"), `http://127.0.0.1:${PORT}`);
    return {
      rpcUrl: `http://${RELEASE}-anvil:8545`,
      safe: await newSafe({ world }),
      deployment: await read("deployment\\.json"),
      remove: async () => void (await cluster.helm("uninstall", RELEASE, "--wait", "--timeout", "3m")),
    };
  } finally {
    close();
  }
}
