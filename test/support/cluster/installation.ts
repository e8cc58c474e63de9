import { readPublishedWorld } from "../../../deploy/cluster/published-world.js";
import type { World } from "../../../deploy/local/world.js";
import { Cluster } from "./cluster.js";
import { run } from "./run.js";

const GATEWAY = 8_080;
const LIFELINE = 8_081;
const CHAIN = 8_545;

/** For whoever writes these tests: an installation that is there is used again, and left. */
export const REUSE = process.env.INTERLOCK_CLUSTER_REUSE === "1";

/** Parts that take minutes each; INTERLOCK_CLUSTER_PARTS lists those wanted, without it all are. */
export type Part = "core" | "upgrade" | "preemption" | "dark" | "ladder" | "backup" | "strict";
const parts = process.env.INTERLOCK_CLUSTER_PARTS?.split(",");
export const isWanted = (part: Part): boolean => parts?.includes(part) ?? true;

/** Parts that want the machine for themselves, or a kubelet that is told to; only a campaign of theirs lists them. */
export const isAskedFor = (part: "eviction" | "overload"): boolean => parts?.includes(part) ?? false;

/** What is lost counts as lost, and as back, after seconds in place of half minutes: what the ladder does is the same. */
const SHORT_DWELL = ["--set", "degradation.dwellSeconds=3,degradation.clearSeconds=3"];

export interface Installation {
  readonly cluster: Cluster;
  /** Helm's arguments that name the images, for upgrades. */
  readonly images: readonly string[];
  readonly toolsImage: string;
  readonly tag: string;
  /** Seconds from the first `helm install` until every pod was ready. */
  readonly seconds: number;
}

/** Prefix of image names where INTERLOCK_CLUSTER_REGISTRY names a registry that the cluster pulls from; the images are built and pushed. */
async function publishImages(tag: string): Promise<readonly string[]> {
  const registry = process.env.INTERLOCK_CLUSTER_REGISTRY;
  if (registry === undefined) return ["--set", `image.tag=${tag}`];
  if (process.env.INTERLOCK_IMAGES !== "ready") await run("deploy/image/build.sh", tag, `${registry}/interlock`, "push");
  return ["--set", `image.registry=${registry}`, "--set", `image.tag=${tag}`];
}

const toolsOf = (images: readonly string[], tag: string) => {
  const registry = images.find((one) => one.startsWith("image.registry="))?.slice("image.registry=".length);
  return `${registry === undefined ? "" : `${registry}/`}interlock/tools:${tag}`;
};

/** dev-deps and interlock from nothing to all ready, in a namespace of their own. */
export async function install(namespace: string, tag = process.env.INTERLOCK_IMAGE_TAG ?? "dev"): Promise<Installation> {
  const cluster = new Cluster(namespace);
  const images = await publishImages(tag);
  const described = { cluster, images, toolsImage: toolsOf(images, tag), tag };
  if (REUSE && (await cluster.helm("list", "-q")).includes("interlock")) return { ...described, seconds: 0 };
  await cluster.remove();
  await cluster.make();
  const began = Date.now();
  const wait = ["--wait", "--timeout", "8m"];
  await cluster.helm(
    "install",
    "dev-deps",
    "charts/dev-deps",
    "--set",
    // What production keeps elsewhere: no kubelet ends it, and no pod of ours takes its place.
    `contracts.image=${toolsOf(images, tag)},priorityClassName=system-cluster-critical`,
    "--wait-for-jobs",
    ...wait,
  );
  await cluster.helm(
    "install",
    "interlock",
    "charts/interlock",
    "-f",
    "charts/interlock/values-dev.yaml",
    ...SHORT_DWELL,
    ...images,
    ...wait,
  );
  return { ...described, seconds: Math.round((Date.now() - began) / 1000) };
}

/** The way to an installation from the test's own process. */
export interface Access {
  readonly gatewayUrl: string;
  readonly lifelineUrl: string;
  readonly chainUrl: string;
  readonly world: World;
  close(): void;
}

/** Opens it: gateway, lifeline and chain on this machine's loopback. */
export async function access({ cluster }: Installation): Promise<Access> {
  // Read first: what fails here leaves no forward behind.
  const text = await cluster.kubectl("get", "configmap", "interlock-deployment", "-o", "jsonpath={.data.world\\.json}");
  const world = readPublishedWorld(text, `http://127.0.0.1:${CHAIN}`);
  const ends = await Promise.all([
    cluster.forward("interlock-gateway", GATEWAY, 8_080),
    cluster.forward("interlock-lifeline", LIFELINE, 8_080),
    cluster.forward("dev-deps-anvil", CHAIN, 8_545),
  ]);
  return {
    gatewayUrl: `http://127.0.0.1:${GATEWAY}`,
    lifelineUrl: `http://127.0.0.1:${LIFELINE}`,
    chainUrl: `http://127.0.0.1:${CHAIN}`,
    world,
    close: () => {
      for (const end of ends) end();
    },
  };
}
