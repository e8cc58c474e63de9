import { type ChildProcess, execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startChild, stopChild } from "../../../../deploy/local/child.js";
import { compiledFolder } from "../../../../deploy/local/compiled-folder.js";
import type { TestCoreFiles } from "./core-files.js";

/** User ids that nobody has, as the chart gives them to the two containers of a vault's pod; the shell's is the pod's group too. */
export const [SHELL, CORE] = [61_001, 61_002];

/** What starts a program as one of them; both are in the pod's group. */
export const as = (user: number): readonly string[] => [
  "setpriv",
  ...["--reuid", String(user), "--regid", String(user), "--groups", String(SHELL), "--no-new-privs", "--bounding-set=-all"],
];

/** signer-core as a container of the vault's pod: nobody's child that the test knows, on a volume that outlives it. */
export interface CoreContainer {
  readonly socket: string;
  /** Starts it, and again whenever it ends, as a kubelet does. */
  start(): void;
  /** Ends it and lets it be. */
  end(signal: NodeJS.Signals): Promise<void>;
  readonly pid: number;
  /** How often it was started. */
  readonly starts: number;
  /** Exit code of a run of its liveness probe. */
  probe(): number;
  remove(): void;
}

/** Gives the files to those whose container mounts them. */
export function mountFiles(files: TestCoreFiles & { readonly serviceKeyFile: string }): void {
  for (const path of [files.kekFile, files.serviceKeyFile]) chmodSync(dirname(path), 0o711);
  const give = (path: string, user: number, group: number) => {
    chownSync(path, user, group);
    chmodSync(path, 0o440);
  };
  give(files.kekFile, CORE, CORE);
  give(files.serviceKeyFile, SHELL, SHELL);
  for (const path of [files.trustFile, files.deploymentFile]) give(path, 0, SHELL);
}

/** @param files those of the core, as soon as there are some */
export function coreContainer(files: () => TestCoreFiles): CoreContainer {
  // As the kubelet makes an emptyDir of a pod with an fsGroup.
  const volume = mkdtempSync(join(tmpdir(), "core-volume-"));
  chownSync(volume, 0, SHELL);
  chmodSync(volume, 0o2777);
  const socket = join(volume, "core", "signer.sock");
  let child: ChildProcess | undefined;
  let [starts, wanted] = [0, false];
  const [program = "", ...through] = as(CORE);
  const run = () => {
    starts += 1;
    const { kekFile, trustFile, deploymentFile } = files();
    child = startChild(program, [...through, process.execPath, entry("core-main.js")], {
      cwd: "/",
      env: {
        SIGNER_CORE_SOCKET: socket,
        KEK_FILE: kekFile,
        TRUST_FILE: trustFile,
        DEPLOYMENT_FILE: deploymentFile,
        NODE_OPTIONS: "--max-old-space-size=120",
      },
      stdio: ["ignore", "ignore", "inherit"],
    });
    child.once("exit", () => {
      if (wanted) run();
    });
  };
  return {
    socket,
    start() {
      wanted = true;
      run();
    },
    async end(signal) {
      wanted = false;
      if (child !== undefined) await stopChild(child, signal, 60_000);
    },
    get pid() {
      return child?.pid ?? 0;
    },
    get starts() {
      return starts;
    },
    probe() {
      try {
        execFileSync(program, [...through, process.execPath, entry("core-probe.js")], { cwd: "/", env: { SIGNER_CORE_SOCKET: socket } });
        return 0;
      } catch (error) {
        return error instanceof Error && "status" in error ? Number(error.status) : -1;
      }
    },
    remove: () => rmSync(volume, { recursive: true, force: true }),
  };
}

/** Root may become them, where the compiled code is readable for others. */
export function mayBecomeOthers(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  try {
    const [program = "", ...through] = as(CORE);
    execFileSync(program, [...through, "test", "-r", entry("core-main.js")], { cwd: "/", stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function entry(name: string): string {
  return join(compiledFolder(), "services", "vault", "src", name);
}
