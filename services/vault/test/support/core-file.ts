import { spawnSync } from "node:child_process";
import { join } from "node:path";

/**
 * A core file of a running process, as a debugger makes it (gcore, of gdb) whatever the process's limit is; undefined where there is no
 * debugger. Its content is what /proc/PID/mem shows: without one, a scan of that says the same.
 */
export function coreFileOf(pid: number, folder: string): string | undefined {
  const { status, error } = spawnSync("gcore", ["-o", join(folder, "core"), String(pid)], { stdio: "ignore", timeout: 300_000 });
  if (error !== undefined) return undefined;
  if (status !== 0) throw new Error(`gcore ended with ${status}`);
  return join(folder, `core.${pid}`);
}
