import type { ChildProcess } from "node:child_process";
import { runChild, startChild, stopChild } from "../../../deploy/local/child.js";
import { until } from "../e2e/until.js";

const PATIENCE_MS = 900_000;

/** Skaffold in one folder, with one set of profiles. */
export class Skaffold {
  constructor(
    private readonly folder: string,
    private readonly profiles: string,
  ) {}

  /** Runs one of its commands to the end; resolves with the seconds it took. @throws Error with what it said when it fails */
  async run(command: string, ...args: readonly string[]): Promise<number> {
    const began = Date.now();
    await runChild("skaffold", [command, "-p", this.profiles, ...args], { cwd: this.folder });
    return (Date.now() - began) / 1_000;
  }

  /** Starts `skaffold dev`; resolves once everything is installed and it watches for changes. */
  async dev(): Promise<SkaffoldDev> {
    const child = startChild("skaffold", ["dev", "-p", this.profiles, "--port-forward=off"], {
      cwd: this.folder,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const began = Date.now();
    const dev = new SkaffoldDev(child);
    await until(
      "skaffold dev watches for changes",
      async () => {
        if (dev.hasEnded()) return false;
        return dev.said.includes("Watching for changes") ? true : undefined;
      },
      PATIENCE_MS,
    );
    if (dev.hasEnded()) throw new Error(`skaffold dev has ended:\n${dev.said.slice(-4_000)}`);
    dev.seconds = (Date.now() - began) / 1_000;
    return dev;
  }
}

export class SkaffoldDev {
  /** What it printed so far. */
  said = "";
  /** Until it watched. */
  seconds = 0;

  constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (this.said += chunk.toString()));
  }

  hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Ends it as Ctrl-C does: it takes away what it installed. */
  stop(): Promise<void> {
    return stopChild(this.child, "SIGINT", 300_000);
  }
}
