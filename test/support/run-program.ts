import type { SpawnOptions } from "node:child_process";
import { startChild } from "../../deploy/local/child.js";

/** Runs a compiled program of ours to its end, its output on ours; resolves with its exit code. */
export function runProgram(file: URL, args: readonly string[]): Promise<number> {
  return runCommand(process.execPath, ["--enable-source-maps", file.pathname, ...args]);
}

/** Runs a program to its end, its output on ours; it gets our signals, and ends in its own way. Resolves with its exit code. */
export function runCommand(command: string, args: readonly string[], options: Omit<SpawnOptions, "stdio"> = {}): Promise<number> {
  const child = startChild(command, args, { ...options, stdio: "inherit" });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  process.on("SIGINT", forward).on("SIGTERM", forward).on("SIGHUP", forward);
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", (code) => resolve(code ?? 1));
  });
}
