import { startChild } from "../../deploy/local/child.js";

/** Runs a compiled program of ours to its end, its output on ours; resolves with its exit code. */
export async function runProgram(file: URL, args: readonly string[]): Promise<number> {
  const child = startChild(process.execPath, ["--enable-source-maps", file.pathname, ...args], { stdio: "inherit" });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  process.once("SIGINT", forward).once("SIGTERM", forward);
  return new Promise((resolve) => child.once("close", (code) => resolve(code ?? 1)));
}
