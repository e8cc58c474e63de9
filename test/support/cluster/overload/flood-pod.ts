import { z } from "zod";
import { until } from "../../e2e/until.js";
import type { Cluster } from "../cluster.js";
import { testPod } from "../test-pod.js";

const figures = z.object({ answered: z.number(), failed: z.number(), shed: z.number() });
const SECONDS = 12;

/** What is asked without end. */
export interface Flooded {
  readonly name: string;
  readonly url: string;
  readonly token?: string;
}

/** Starts to ask `rate` times a second (0: as fast as sixteen callers can); resolves once it says so. */
export async function flood(cluster: Cluster, image: string, { name, url, token }: Flooded, rate: number): Promise<void> {
  const env = { FLOOD_URL: url, FLOOD_RATE: String(rate), ...(token === undefined ? {} : { FLOOD_TOKEN: token }) };
  await cluster.apply(testPod({ name, image, command: ["node", "dist/test/support/overload/flood.js"], env, requests: { cpu: "10m" } }));
  await until(`${name} asks`, async () => ((await seconds(cluster, name)).length > 0 ? true : undefined), 120_000);
}

export const stopFlood = async (cluster: Cluster, name: string): Promise<void> =>
  void (await cluster.kubectl("delete", "pod", name, "--ignore-not-found", "--wait=true"));

/** What it said of each second so far. */
export async function seconds(cluster: Cluster, name: string): Promise<readonly z.infer<typeof figures>[]> {
  const lines = (await cluster.kubectl("logs", name)).split("\n").filter((line) => line !== "");
  return lines.map((line) => figures.parse(JSON.parse(line)));
}

/** Requests a second that are answered when sixteen callers ask as fast as they can: the best of some seconds, once it is warm. */
export async function sustainable(cluster: Cluster, image: string, what: Flooded): Promise<number> {
  await flood(cluster, image, what, 0);
  try {
    const all = await until(
      `${what.name} has asked for ${SECONDS} s`,
      async () => {
        const said = await seconds(cluster, what.name);
        return said.length >= SECONDS ? said : undefined;
      },
      120_000,
    );
    return Math.max(...all.slice(4).map(({ answered }) => answered));
  } finally {
    await stopFlood(cluster, what.name);
  }
}
