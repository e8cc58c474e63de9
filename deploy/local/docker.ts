import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** True when a Docker daemon answers. */
export async function dockerAnswers(): Promise<boolean> {
  try {
    await run("docker", ["info"], { timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

/** Whether this run may not skip for want of `what`: INTERLOCK_REQUIRE lists kafka and docker, as CI does. */
export function isRequired(what: "kafka" | "docker"): boolean {
  return (process.env.INTERLOCK_REQUIRE ?? "").split(",").includes(what);
}
