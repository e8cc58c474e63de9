import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { SERVICES } from "../../deploy/local/service-environment.js";
import { chartFolder, render } from "../support/charts/helm.js";
import { VALUE_SETS } from "../support/charts/value-sets.js";
import { hasCluster } from "../support/cluster/cluster.js";
import { access, type Installation, install, isAskedFor, isWanted, REUSE } from "../support/cluster/installation.js";
import { reachableFrom } from "../support/cluster/probe.js";
import { startStranger } from "../support/cluster/stranger.js";
import { runMainJob } from "../support/e2e/main-job.js";
import { NO_CLUSTER, skipLoudly } from "../support/skip-loudly.js";
import { backupRestore } from "./backup-restore.js";
import { coreRestart } from "./core-restart.js";
import { darkStart } from "./dark-start.js";
import { evictionOrder } from "./eviction-order.js";
import { killLadder } from "./kill-ladder.js";
import { overload } from "./overload.js";
import { preemption } from "./preemption.js";
import { upgradeUnderLoad } from "./upgrade-under-load.js";

if (hasCluster()) describe("an installation on the cluster", installation);
else skipLoudly("cluster", "installs, does the main job, and leaves nothing", NO_CLUSTER);

const KINDS = ["all", "secrets", "configmaps", "serviceaccounts", "pvc", "roles", "rolebindings", "networkpolicies", "pdb", "ingresses"];

const topologySchema = z.object({
  services: z.record(
    z.string(),
    z.object({ port: z.string(), calls: z.array(z.string()), watches: z.array(z.string()), needs: z.array(z.string()) }).loose(),
  ),
});
const topology = topologySchema.parse(parse(readFileSync(join(chartFolder("interlock"), "files", "topology.yaml"), "utf8"))).services;

function installation(): void {
  let installed: Installation;

  beforeAll(async () => {
    installed = await install("interlock-test");
    console.log(`from nothing to all ready: ${installed.seconds} s`);
  });
  afterAll(async () => {
    if (!REUSE) await installed?.cluster.remove();
  });

  it("has every pod ready, without a restart, in its quality of service and priority", async () => {
    for (const service of SERVICES) {
      for (const { metadata, spec, status } of await installed.cluster.pods(service)) {
        const guaranteed = ["T0", "T1"].includes(metadata.labels["interlock.dev/tier"] ?? "");
        expect([metadata.name, status.phase, status.qosClass]).toEqual([metadata.name, "Running", guaranteed ? "Guaranteed" : "Burstable"]);
        expect(status.containerStatuses.every(({ ready, restartCount }) => ready && restartCount === 0)).toBe(true);
        expect(spec.priority).toBe({ T0: 1_000_000, T1: 100_000, T2: 10_000 }[metadata.labels["interlock.dev/tier"] ?? ""]);
      }
    }
  });

  it("passes its own helm test, the main job inside the cluster", async () => {
    expect(await installed.cluster.helm("test", "interlock", "--timeout", "5m")).toMatch(/Phase: +Succeeded/);
  });

  it("does the main job for somebody outside, through the gateway", async () => {
    const way = await access(installed);
    const steps: string[] = [];
    try {
      await runMainJob(way, (step) => void steps.push(step));
    } finally {
      way.close();
    }
    expect(steps.at(-1)).toBe("nothing moves after DISARM");
  });

  it("lets every pod reach what the table allows, and nothing else", async () => {
    const { cluster } = installed;
    const target = (name: string, port: number) => `interlock-${name}:${port}`;
    const own = (name: string) => (topology[name]?.port === "grpc" ? 50_051 : 8_080);
    const outside = { database: "dev-deps-postgres:5432", eventLog: "dev-deps-kafka:9092", chain: "dev-deps-anvil:8545" };
    for (const from of SERVICES) {
      const row = topology[from];
      const [pod] = await cluster.pods(from);
      const services = SERVICES.filter((name) => name !== from);
      const wanted = Object.fromEntries([
        // The two public ports are open to anybody by default, but a service has to be let out as well.
        ...services.map((to) => [target(to, own(to)), row?.calls.includes(to) ?? false] as const),
        ...services.map((to) => [target(to, 9_090), row?.watches.includes(to) ?? false] as const),
        ...Object.entries(outside).map(([need, at]) => [at, row?.needs.includes(need) ?? false] as const),
        ["kubernetes.default:443", false] as const,
      ]);
      expect([from, await reachableFrom(cluster, pod?.metadata.name ?? "", Object.keys(wanted))]).toEqual([from, wanted]);
    }
  });

  it("lets a stranger in the namespace reach the two public ports only", async () => {
    const { cluster } = installed;
    const targets = SERVICES.flatMap((name) => [8_080, 50_051, 9_090].map((port) => `interlock-${name}:${port}`));
    const pod = await startStranger(cluster, installed.toolsImage);
    const reached = await reachableFrom(cluster, pod, targets);
    expect(Object.keys(reached).filter((one) => reached[one])).toEqual(["interlock-gateway:8080", "interlock-lifeline:8080"]);
  });

  it("takes a change of the operator's floor without touching a pod", async () => {
    const { cluster } = installed;
    const uids = async () => (await Promise.all(SERVICES.map((name) => cluster.pods(name)))).flat().map(({ metadata }) => metadata.uid);
    const before = await uids();
    await cluster.helm("upgrade", "interlock", "charts/interlock", "--reuse-values", "--set", "degradation.level=L2", "--wait");
    expect(await uids()).toEqual(before);
    const floor = await cluster.kubectl("get", "configmap", "interlock-degradation", "-o", "jsonpath={.data.floor\\.json}");
    expect(JSON.parse(floor)).toEqual({ level: "L2", conditions: [] });
    await cluster.helm("upgrade", "interlock", "charts/interlock", "--reuse-values", "--set", "degradation.level=auto", "--wait");
  });

  if (isWanted("core")) coreRestart(() => installed);
  if (isWanted("upgrade")) upgradeUnderLoad(() => installed);
  if (isWanted("preemption")) preemption(() => installed);
  if (isWanted("dark")) darkStart(() => installed);
  if (isWanted("ladder")) killLadder(() => installed);
  if (isWanted("backup")) backupRestore(() => installed);
  if (isAskedFor("eviction")) evictionOrder(() => installed);
  if (isAskedFor("overload")) overload(() => installed);

  it.runIf(isWanted("strict"))(
    "is accepted by the API server's strict validation, for every set of values it has the APIs of",
    async () => {
      const file = join(tmpdir(), `interlock-${process.pid}.yaml`);
      const sets = Object.values(VALUE_SETS).filter(({ apis }) => apis === undefined);
      for (const options of sets) await installed.cluster.dryRun(render({ ...options, release: "dry-interlock" }).text, file);
      await installed.cluster.dryRun(render({ chart: "dev-deps", release: "dry-deps" }).text, file);
      rmSync(file);
    },
  );

  it("refuses to install in production where Secrets are missing, and names them", async () => {
    const arguments_ = ["--set", "secrets.provider=existing,custody.mode=production,tests.mainJob=false", "--dry-run=server"];
    const refused = installed.cluster.helm(
      "install",
      "second-interlock",
      "charts/interlock",
      "-f",
      "charts/interlock/values-dev.yaml",
      ...arguments_,
    );
    await expect(refused).rejects.toThrow(
      /Secret interlock-test\/second-interlock-vault is missing, with the keys database-url, kek\.json, service\.jwk/,
    );
  });

  if (REUSE) return;
  it("leaves nothing when it is taken away", async () => {
    const { cluster } = installed;
    await cluster.helm("uninstall", "interlock", "--wait", "--timeout", "3m");
    await cluster.helm("uninstall", "dev-deps", "--wait", "--timeout", "3m");
    await cluster.kubectl("delete", "pod", "stranger", "--ignore-not-found");
    await cluster.kubectl("wait", "--for=delete", "pod", "--all", "--timeout=120s");
    const left = await Promise.all(KINDS.map((kind) => cluster.names(kind)));
    expect(left.flat()).toEqual([]);
    const classes = await cluster.kubectl("get", "priorityclasses", "-o", "name");
    expect(classes).not.toContain("interlock");
  });
}
