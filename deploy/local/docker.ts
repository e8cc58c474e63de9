import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const ANSWER_MS = 20_000;
const PULL_MS = 300_000;

/** Images that stand in for what production runs; the same names everywhere, so that one pull serves all. */
export const POSTGRES_IMAGE = "postgres:18";
export const KAFKA_IMAGE = "apache/kafka:4.1.0";

/** True when a Docker daemon answers. */
export function dockerAnswers(): Promise<boolean> {
  return succeeds(["info"], ANSWER_MS);
}

/** True when a Docker daemon answers and has every one of `images`, or could fetch it. */
export async function dockerHas(...images: readonly string[]): Promise<boolean> {
  if (!(await dockerAnswers())) return false;
  for (const image of images) {
    const there = (await succeeds(["image", "inspect", image], ANSWER_MS)) || (await succeeds(["pull", "--quiet", image], PULL_MS));
    if (!there) return false;
  }
  return true;
}

/** Whether this run may not skip for want of `what`: INTERLOCK_REQUIRE lists kafka and docker, as CI does. */
export function isRequired(what: "kafka" | "docker" | "go" | "softhsm" | "helm" | "promtool" | "cluster" | "root" | "chromium"): boolean {
  return (process.env.INTERLOCK_REQUIRE ?? "").split(",").includes(what);
}

async function succeeds(args: readonly string[], timeout: number): Promise<boolean> {
  try {
    await run("docker", [...args], { timeout });
    return true;
  } catch {
    return false;
  }
}
