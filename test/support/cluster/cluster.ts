import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { has } from "../charts/helm.js";
import { until } from "../e2e/until.js";
import { type KubePod, podListSchema } from "./pod.js";
import { run } from "./run.js";

/** Pause before a port is forwarded again. */
const RETRY_MS = 200;

/** True where cluster tests can run. */
export const hasCluster = (): boolean => process.env.KUBECONFIG !== undefined && has("helm") && has("kubectl");

/** One namespace of the cluster that KUBECONFIG names; everything a test does stays in it. */
export class Cluster {
  constructor(readonly namespace: string) {}

  kubectl(...args: readonly string[]): Promise<string> {
    return run("kubectl", "--namespace", this.namespace, ...args);
  }

  helm(...args: readonly string[]): Promise<string> {
    return run("helm", "--namespace", this.namespace, ...args);
  }

  /** Makes the namespace, with the restricted Pod Security Standard enforced. */
  async make(): Promise<void> {
    await run("kubectl", "create", "namespace", this.namespace);
    await run("kubectl", "label", "namespace", this.namespace, "pod-security.kubernetes.io/enforce=restricted");
  }

  /** Takes every release away, with what it has outside of the namespace, and then the namespace. */
  async remove(): Promise<void> {
    for (const release of (await this.helm("list", "--all", "--short")).split("\n").filter((name) => name !== "")) {
      await this.helm("uninstall", release, "--wait", "--timeout", "3m");
    }
    await run("kubectl", "delete", "namespace", this.namespace, "--ignore-not-found", "--wait=true", "--timeout=180s");
  }

  /** Pods of one service, or of all. */
  async pods(component?: string): Promise<readonly KubePod[]> {
    const selector = component === undefined ? [] : ["-l", `app.kubernetes.io/component=${component}`];
    return podListSchema.parse(JSON.parse(await this.kubectl("get", "pods", ...selector, "-o", "json"))).items;
  }

  /** Names of all objects of a kind, without those that every namespace has. */
  async names(kind: string): Promise<readonly string[]> {
    const said = await this.kubectl("get", kind, "-o", "name");
    return said.split("\n").filter((name) => name !== "" && !["configmap/kube-root-ca.crt", "serviceaccount/default"].includes(name));
  }

  /** Leads `127.0.0.1:port` to a Service's port for as long as the test runs; resolves once it does. Returns how to end it. */
  async forward(service: string, port: number, to: number): Promise<() => void> {
    let ended = false;
    let child = this.startForward(service, port, to);
    // kubectl ends with the pod it is bound to; another one takes over.
    const again = () => {
      if (!ended) setTimeout(start, RETRY_MS);
    };
    const start = () => {
      if (ended) return;
      child = this.startForward(service, port, to);
      child.once("exit", again);
    };
    child.once("exit", again);
    await until(`127.0.0.1:${port} leads to ${service}`, async () => {
      await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2_000) });
      return true;
    });
    return () => {
      ended = true;
      child.kill();
    };
  }

  private startForward(service: string, port: number, to: number) {
    return spawn("kubectl", ["--namespace", this.namespace, "port-forward", `service/${service}`, `${port}:${to}`], { stdio: "ignore" });
  }

  /** Makes or changes one object. */
  async apply(manifest: object): Promise<void> {
    const input = JSON.stringify(manifest);
    const { status, stderr } = spawnSync("kubectl", ["--namespace", this.namespace, "apply", "-f", "-"], { input, encoding: "utf8" });
    if (status !== 0) throw new Error(`kubectl apply: ${stderr}`);
  }

  /** What Postgres answers, unaligned and without headings, as its superuser. */
  async sql(database: string, statement: string): Promise<string> {
    const psql = ["psql", "-U", "postgres", "-d", database, "-v", "ON_ERROR_STOP=1", "-Atc", statement];
    return (await this.kubectl("exec", "dev-deps-postgres-0", "--", ...psql)).trim();
  }

  /** What the API server's strict validation says of a rendering; every object is sent, none is made. */
  async dryRun(text: string, file: string): Promise<void> {
    writeFileSync(file, text);
    await this.kubectl("apply", "--dry-run=server", "--validate=strict", "-f", file);
  }
}
