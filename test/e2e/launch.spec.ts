import { spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { until } from "../support/e2e/until.js";
import { processLives } from "../support/process-lives.js";

const scripts = fileURLToPath(new URL("../../scripts", import.meta.url));
/** A stand-in for npm that installs nothing: it notes its process id and goes on once the file `go` is there. */
const NPM = `#!/bin/sh
echo $$ >> calls
while [ ! -e go ]; do sleep 0.05; done
mkdir -p node_modules
`;

/** A project of one command, not yet installed. */
class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "interlock-launch-"));

  constructor() {
    cpSync(scripts, join(this.folder, "scripts"), { recursive: true });
    writeFileSync(join(this.folder, "scripts", "generate.mjs"), `console.log("generated");`);
    writeFileSync(join(this.folder, "package-lock.json"), "{}");
    mkdirSync(join(this.folder, "bin"));
    writeFileSync(join(this.folder, "bin", "npm"), NPM);
    chmodSync(join(this.folder, "bin", "npm"), 0o755);
  }

  /** The process ids of all installations so far. */
  installations(): readonly number[] {
    const calls = join(this.folder, "calls");
    return existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n").map(Number) : [];
  }

  letInstall(): void {
    writeFileSync(join(this.folder, "go"), "");
  }

  launch(...args: readonly string[]) {
    const env = { ...process.env, PATH: `${join(this.folder, "bin")}:${process.env.PATH}` };
    const child = spawn(process.execPath, [join(this.folder, "scripts", "launch.mjs"), ...args], { env, cwd: this.folder });
    const run = { child, said: "", ended: new Promise<number | null>((resolve) => child.once("close", resolve)) };
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (run.said += chunk.toString()));
    return run;
  }
}

describe("a command on a machine where nothing is installed", () => {
  let project: Project;
  beforeEach(() => {
    project = new Project();
  });
  afterEach(() => rmSync(project.folder, { recursive: true, force: true }));
  const installing = () => until("npm runs", async () => project.installations()[0]);

  it("tells its options without installing anything", async () => {
    const run = project.launch("demo", "--help");
    expect(await run.ended).toBe(0);
    expect(run.said).toContain("--log postgres|kafka");
    expect(project.installations()).toEqual([]);
  });

  it("installs and goes on", async () => {
    project.letInstall();
    const run = project.launch("generate");
    expect(await run.ended, run.said).toBe(0);
    expect(run.said).toMatch(/Installing.*Dependencies installed.*generated/s);
    expect(project.installations()).toHaveLength(1);
  });

  it("ends the installation when it is told to stop", async () => {
    const run = project.launch("generate");
    const npm = await installing();
    run.child.kill("SIGTERM");
    expect(await run.ended).toBe(143);
    expect(processLives(npm)).toBe(false);
    expect(existsSync(join(project.folder, ".local", "installing"))).toBe(false);
  });

  it("waits for another one's installation instead of spoiling it", async () => {
    const first = project.launch("generate");
    await installing();
    const second = project.launch("generate");
    await until("the second waits", async () => (second.said.includes("waiting for it") ? true : undefined));
    project.letInstall();
    expect([await first.ended, await second.ended], first.said + second.said).toEqual([0, 0]);
    expect(project.installations()).toHaveLength(1);
  });

  it("takes over from one that was killed", async () => {
    const first = project.launch("generate");
    const npm = await installing();
    first.child.kill("SIGKILL");
    process.kill(npm, "SIGKILL");
    await first.ended;
    project.letInstall();
    const second = project.launch("generate");
    expect(await second.ended, second.said).toBe(0);
    expect(project.installations()).toHaveLength(2);
  });
});
