import { readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { until } from "./until.js";

/** Node's options for a process that `heapSnapshotOf` can ask. */
export const heapOptions = (folder: string): string => `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${folder}`;

/** The heap snapshot that a process writes when it is asked by signal, once it is complete. */
export async function heapSnapshotOf(pid: number, folder: string): Promise<string> {
  const snapshots = () => readdirSync(folder).filter((name) => name.endsWith(".heapsnapshot"));
  const before = new Set(snapshots());
  process.kill(pid, "SIGUSR2");
  const name = await until(async () => snapshots().find((one) => !before.has(one)), 300_000);
  return until(async () => (isWritten(pid, name) ? join(folder, name) : undefined), 300_000);
}

/** True once the process has closed the file. */
function isWritten(pid: number, name: string): boolean {
  const open = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      // Descriptors come and go while the process runs.
      return [];
    }
  });
  return !open.some((path) => path.endsWith(name));
}
