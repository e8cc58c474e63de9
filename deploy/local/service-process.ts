import type { ChildProcess } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { startChild, stopChild } from "./child.js";
import { compiledFolder } from "./compiled-folder.js";

const dist = compiledFolder();

/** One service as a process of its own. */
export interface ServiceProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** True until the process has ended, whatever ended it. */
  alive(): boolean;
  stop(): Promise<void>;
  /** SIGKILL: no goodbye, as a node loss would be. */
  kill(): Promise<void>;
}

export interface ServiceLaunch {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFolder: string;
  /** More environment for this start only, such as a fault point. */
  readonly extra?: Readonly<Record<string, string>>;
  /** What starts the program in place of ourselves, such as `setpriv` with another user. */
  readonly through?: readonly string[];
}

/** Only what a process needs of ours: no credentials of the shell leak into services. */
function inherited(): Record<string, string> {
  const names = ["PATH", "HOME", "TMPDIR", "LANG", "NODE_EXTRA_CA_CERTS"];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
}

/** Starts `dist/services/<name>/src/main.js`; its output goes to a log file that outlives it. */
export function startService({ name, environment, logFolder, extra = {}, through = [] }: ServiceLaunch): ServiceProcess {
  const logFile = join(logFolder, `${name}.log`);
  const [program = "", ...args] = [...through, process.execPath, "--enable-source-maps", join(dist, "services", name, "src", "main.js")];
  const child = startChild(program, args, {
    env: { ...inherited(), ...environment, ...extra },
    stdio: ["ignore", "pipe", "pipe"],
  });
  keepOutput(child, logFile);
  if (child.pid === undefined) throw new Error(`the process of ${name} could not be started`);
  const alive = () => child.exitCode === null && child.signalCode === null;
  return { name, pid: child.pid, logFile, alive, stop: () => stopChild(child), kill: () => stopChild(child, "SIGKILL") };
}

function keepOutput(child: ChildProcess, logFile: string): void {
  const log = createWriteStream(logFile, { flags: "a", mode: 0o600 });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  child.once("close", () => log.end());
}

/** Runs `dist/services/<name>/src/migrate.js` to its end. */
export async function migrateService(name: string, environment: Readonly<Record<string, string>>): Promise<void> {
  const child = startChild(process.execPath, [join(dist, "services", name, "src", "migrate.js")], {
    env: { ...inherited(), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`the migration of ${name} failed:\n${said}`);
}
