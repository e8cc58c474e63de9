import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { removeTemporaryFolder } from "../../deploy/local/temporary-folder.js";
import { has } from "../support/charts/helm.js";
import { Cluster, hasCluster } from "../support/cluster/cluster.js";
import { copyOfSources } from "../support/cluster/copy-of-sources.js";
import { Skaffold, type SkaffoldDev } from "../support/cluster/skaffold.js";
import { until } from "../support/e2e/until.js";
import { NO_CLUSTER, skipLoudly } from "../support/skip-loudly.js";

/** Where skaffold.yaml installs. */
const NAMESPACE = "interlock";
const PROFILE = "registry";
const PORT = 18_080;
const WITHIN_SECONDS = 20;
const SOURCE = "services/gateway/src/openapi/build-openapi.ts";
const KINDS = ["pods", "services", "statefulsets", "deployments", "jobs", "pvc", "secrets", "configmaps", "networkpolicies"];

if (hasCluster() && has("skaffold")) describe("skaffold, on a cluster that pulls from a registry", onACluster);
else skipLoudly("cluster", "installs with skaffold", `${NO_CLUSTER}; and skaffold`);

function onACluster(): void {
  const cluster = new Cluster(NAMESPACE);
  let folder: string;
  let skaffold: Skaffold;
  beforeAll(() => {
    folder = copyOfSources();
    skaffold = new Skaffold(folder, PROFILE);
  });
  afterAll(async () => {
    await cluster.remove();
    removeTemporaryFolder(folder);
  });

  it("builds every image and installs from nothing to all ready with `skaffold run`, and does the main job with `skaffold verify`", async () => {
    const built = join(folder, "built.json");
    const building = await skaffold.run("build", `--file-output=${built}`);
    const running = await skaffold.run("run");
    const disarmed = () =>
      cluster.sql("interlock", "SELECT count(DISTINCT stream) FROM permissions.event WHERE type = 'session.disarmed.v1'");
    expect(await disarmed()).toBe("0");
    const verifying = await skaffold.run("verify", `--build-artifacts=${built}`);
    console.log(`skaffold build ${building.toFixed(0)} s, run ${running.toFixed(0)} s, verify ${verifying.toFixed(0)} s`);
    // The main job's last event: what skaffold prints of a job may be cut short.
    expect(await disarmed()).toBe("1");
  }, 1_800_000);

  it("says with `skaffold verify` that the main job cannot be done", async () => {
    await cluster.kubectl("scale", "deployment/interlock-gateway", "--replicas=0");
    await expect(skaffold.run("verify", `--build-artifacts=${join(folder, "built.json")}`)).rejects.toThrow();
  }, 600_000);

  it("leaves nothing with `skaffold delete`", async () => {
    console.log(`skaffold delete ${(await skaffold.run("delete")).toFixed(0)} s`);
    await untilNothingIsLeft(cluster);
  }, 600_000);

  it(`answers with a changed line of source within ${WITHIN_SECONDS} s under \`skaffold dev\`, without a new pod, and leaves nothing`, async () => {
    const dev: SkaffoldDev = await skaffold.dev();
    const close = await cluster.forward("interlock-gateway", PORT, 8_080);
    try {
      const before = (await cluster.pods()).map(({ metadata }) => metadata.uid).sort();
      const title = (name: string) =>
        until(
          `the gateway calls itself ${name}`,
          async () => {
            const text = await fetch(`http://127.0.0.1:${PORT}/openapi.json`).then((answer) => answer.text());
            return text.includes(`"${name}"`) ? true : undefined;
          },
          180_000,
        );
      await title("Interlock");
      const source = readFileSync(join(folder, SOURCE), "utf8");
      const began = Date.now();
      writeFileSync(join(folder, SOURCE), source.replace('title: "Interlock"', 'title: "Changed"'));
      await title("Changed");
      const took = (Date.now() - began) / 1_000;
      console.log(`skaffold dev watched after ${dev.seconds.toFixed(0)} s; a change answered after ${took.toFixed(1)} s`);
      expect((await cluster.pods()).map(({ metadata }) => metadata.uid).sort()).toEqual(before);
      expect(took).toBeLessThanOrEqual(WITHIN_SECONDS);
    } finally {
      close();
      await dev.stop();
    }
    await untilNothingIsLeft(cluster);
  }, 1_800_000);
}

/** Pods end in the background for some seconds. */
async function untilNothingIsLeft(cluster: Cluster): Promise<void> {
  const left = async () => (await Promise.all(KINDS.map((kind) => cluster.names(kind)))).flat();
  await until("nothing is left", async () => ((await left()).length === 0 ? true : undefined), 120_000).catch(() => undefined);
  expect(await left()).toEqual([]);
}
