import { type ChildProcess, spawn } from "node:child_process";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bareCommand } from "./bare-command.js";
import { CORE_ENTRY, type CoreFiles, coreArguments } from "./core-command.js";

export interface CoreProcessOptions {
  readonly files: CoreFiles;
  /** Compiled main.js; default: the one of this build. */
  readonly entry?: string;
  /** Production refuses a development attester. */
  readonly production?: boolean;
  /** User the core runs as; only root can give it another than its own. */
  readonly uid?: number;
  /** A line the core wrote: it never holds secrets. */
  readonly onLine?: (line: string) => void;
  readonly onExit?: (restartInMs: number) => void;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;
/** A core that lived this long starts over with the shortest wait. */
const STABLE_MS = 10_000;

/** Runs signer-core as a child and starts it again whenever it ends: it has no state worth saving, so crashing is its only way to stop. */
export class CoreProcess {
  readonly #folder = mkdtempSync(join(tmpdir(), "interlock-core-"));
  readonly socket = join(this.#folder, "core.sock");
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #wait = FIRST_WAIT_MS;
  #stopped = false;

  constructor(private readonly options: CoreProcessOptions) {
    if (options.uid !== undefined) chownSync(this.#folder, options.uid, -1);
  }

  /** @throws InterlockError CONFIG_INVALID when the core was not compiled */
  start(): void {
    if (this.#stopped) return;
    const { entry = CORE_ENTRY, files, uid, production = true } = this.options;
    const { program, args } = bareCommand(process.execPath, coreArguments({ entry, socket: this.socket, files, production }));
    rmSync(this.socket, { force: true });
    const startedAt = Date.now();
    // An empty environment: nothing of the shell's configuration, database password included, reaches the core.
    const child = spawn(program, [...args], { env: {}, stdio: ["pipe", "pipe", "pipe"], ...(uid === undefined ? {} : { uid }) });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => this.options.onLine?.(chunk.toString("utf8").trim()));
    child.stdin.on("error", () => {});
    let ended = false;
    const end = () => {
      if (ended) return;
      ended = true;
      this.#restart(startedAt);
    };
    child.once("exit", end).once("error", end);
  }

  /** Process id of the running core. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Ends the core and removes its socket. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#child?.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #restart(startedAt: number): void {
    if (this.#stopped) return;
    if (Date.now() - startedAt > STABLE_MS) this.#wait = FIRST_WAIT_MS;
    this.options.onExit?.(this.#wait);
    this.#timer = setTimeout(() => this.start(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
  }
}
