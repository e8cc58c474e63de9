import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";

const running = new Set<ChildProcess>();

/** Last resort: whatever way this process ends, no child outlives it. */
process.once("exit", () => {
  for (const child of running) killWithItsOwn(child);
});

/** A child that leads a process group of its own (`detached`) ends with what it started itself. */
function killWithItsOwn(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL"); // it leads none
  }
}

/** Starts a program that is ended together with this process. */
export function startChild(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, [...args], options);
  running.add(child);
  child.once("exit", () => running.delete(child));
  child.once("error", () => running.delete(child));
  return child;
}

/**
 * Asks a child to end, and kills it when it has not within `graceMs` milliseconds.
 * Resolves once the process is gone.
 */
export async function stopChild(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM", graceMs = 10_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, "exit");
  child.kill(signal);
  const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await gone;
  clearTimeout(timer);
}

/** Runs a program to its end; like every child it does not outlive this process. @throws Error with what it said when it fails */
export async function runChild(command: string, args: readonly string[], options: Omit<SpawnOptions, "stdio"> = {}): Promise<void> {
  const child = startChild(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${command} ended with ${code}:\n${said}`);
}
