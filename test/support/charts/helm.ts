import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";
import { type KubeObject, objectSchema } from "./kube-object.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
export const chartFolder = (chart: string) => join(root, "charts", chart);

export interface RenderOptions {
  readonly chart?: string;
  /** Names of the chart's own values files, such as `values-dev.yaml`, in order. */
  readonly files?: readonly string[];
  /** More values, on top. */
  readonly values?: object;
  /** APIs the cluster is said to serve beside Kubernetes's own. */
  readonly apis?: readonly string[];
  readonly skipSchema?: boolean;
  readonly program?: string;
  readonly release?: string;
}

export interface Rendering {
  readonly status: number;
  readonly text: string;
  /** What helm said when it refused. */
  readonly said: string;
}

/** True where the program can be run: chart tests need nothing else. */
export function has(program: string): boolean {
  return spawnSync(program, ["version"], { stdio: "ignore" }).error === undefined;
}

/** `helm template` as a user without a cluster runs it. */
export function render(options: RenderOptions = {}): Rendering {
  const { chart = "interlock", files = [], values = {}, apis = [], program = "helm", release = "interlock" } = options;
  const folder = mkdtempSync(join(tmpdir(), "chart-values-"));
  try {
    const own = join(folder, "values.json");
    writeFileSync(own, JSON.stringify(values));
    const given = [...files.map((file) => join(chartFolder(chart), file)), own].flatMap((file) => ["-f", file]);
    const capabilities = apis.flatMap((api) => ["--api-versions", api]);
    const args = ["template", release, chartFolder(chart), "--kube-version", "1.34.0", ...given, ...capabilities];
    const { status, stdout, stderr } = spawnSync(program, [...args, ...(options.skipSchema ? ["--skip-schema-validation"] : [])], {
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
    return { status: status ?? 1, text: stdout, said: stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The objects of a rendering that has to work. @throws Error with what helm said when it does not */
export function objects(options: RenderOptions = {}): readonly KubeObject[] {
  const { status, text, said } = render(options);
  if (status !== 0) throw new Error(said);
  return parseAllDocuments(text)
    .map((document) => document.toJS() as unknown)
    .filter((value) => value !== null)
    .map((value) => objectSchema.parse(value));
}
