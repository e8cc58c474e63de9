import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compiledFolder } from "../../deploy/local/compiled-folder.js";
import { processesOf } from "../support/e2e/leftovers.js";
import { until } from "../support/e2e/until.js";

const demo = [join(compiledFolder(), "deploy", "local", "demo", "main.js")];
const benchmark = [join(compiledFolder(), "test", "bench", "main.js"), "pipeline"];

/** A program of ours with a temporary folder of its own, so that what is left of it can be told from everything else. */
class Program {
  readonly folder = mkdtempSync(join(tmpdir(), "interlock-cleanup-"));
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  said = "";

  constructor(command: readonly string[]) {
    // Postgres runs as another user when we are root.
    chmodSync(this.folder, 0o755);
    const env = { ...process.env, TMPDIR: this.folder };
    this.child = spawn(process.execPath, [...command], { env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on("data", (chunk: Buffer) => (this.said += chunk.toString()));
    this.ended = new Promise((resolve) => this.child.once("close", resolve));
  }

  /** Resolves once it has said `text`. */
  says(text: string): Promise<true> {
    const heard = async () => (this.said.includes(text) ? (true as const) : undefined);
    return until(`it says "${text}"`, heard, 240_000);
  }

  /** Resolves once a service of that name runs. */
  runs(service: string): Promise<true> {
    const found = async () => (this.#service(service) === undefined ? undefined : (true as const));
    return until(`it runs ${service}`, found, 240_000);
  }

  /** Ends one of its services at once, as a crash would. */
  async crash(service: string): Promise<void> {
    const found = this.#service(service);
    if (found === undefined) throw new Error(`the demo runs no ${service}`);
    process.kill(found.pid, "SIGKILL");
  }

  #service(name: string) {
    return processesOf(this.folder).find(({ command }) => command.includes(`services/${name}/src/main.js`));
  }

  /** What is still there of it: processes and files. */
  async leftovers(): Promise<readonly string[]> {
    const left = () => [...processesOf(this.folder).map(({ command }) => command), ...readdirSync(this.folder)];
    // A killed server's own children need a moment to notice.
    await until("everything is gone", async () => (left().length === 0 ? true : undefined), 10_000).catch(() => {});
    return left();
  }

  dispose(): void {
    this.child.kill("SIGKILL");
    for (const { pid } of processesOf(this.folder)) process.kill(pid, "SIGKILL");
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

describe.runIf(existsSync("/proc/self/environ"))("a demo that does not come to its end", () => {
  let running: Program;
  beforeEach(() => {
    running = new Program(demo);
  });
  afterEach(() => running.dispose());

  it.each([
    ["SIGINT", "Postgres and the chain node start"],
    ["SIGTERM", "nine services start"],
    ["SIGINT", "The grant"],
    ["SIGTERM", "USE, inside the limits"],
  ] as const)(
    'leaves no process and no file behind when %s comes after "%s"',
    async (signal, text) => {
      await running.says(text);
      await until("the check sees what it started", async () => (processesOf(running.folder).length > 1 ? true : undefined));
      running.child.kill(signal);
      running.child.kill(signal);
      expect(await running.ended).toBe(130);
      expect(await running.leftovers()).toEqual([]);
    },
    400_000,
  );

  it("ends with 1, names the step, and leaves nothing behind when a step fails", async () => {
    await running.says("The grant");
    await running.crash("permissions");
    expect(await running.ended).toBe(1);
    expect(running.said).toContain("This step did not hold");
    expect(await running.leftovers()).toEqual([]);
  }, 400_000);
});

describe.runIf(existsSync("/proc/self/environ"))("a benchmark that does not come to its end", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)(
    "leaves no process and no file behind when %s comes, though nothing in it waits for signals",
    async (signal, code) => {
      const running = new Program(benchmark);
      try {
        await running.runs("relay");
        running.child.kill(signal);
        expect(await running.ended).toBe(code);
        expect(await running.leftovers()).toEqual([]);
      } finally {
        running.dispose();
      }
    },
    400_000,
  );
});
