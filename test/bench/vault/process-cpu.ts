import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Linux counts a process's time in hundredths of a second. */
const TICK_US = 10_000;

/** CPU microseconds that a process has used, all its threads together. */
export function processCpu(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

/** The child of `parent` whose command line names `text`. */
export function childOf(parent: number, text: string): number {
  const lines = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(parent), "-ww"], { encoding: "utf8" }).split("\n");
  const line = lines.find((one) => one.includes(text));
  if (line === undefined) throw new Error("signer-core is not running");
  return Number(line.trim().split(" ", 1)[0]);
}
