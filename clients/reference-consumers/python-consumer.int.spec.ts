import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { freePort } from "../../deploy/local/free-port.js";
import { EntryRepository } from "../../services/audit/src/adapters/entry-repository.js";
import { madeEvents } from "../../test/support/audit/made-log.js";
import { type AuditBed, auditBed } from "../../test/support/audit-bed.js";

const PROGRAM = fileURLToPath(new URL("./python/audit_copy.py", import.meta.url));
const COUNT = 400;

describe("the consumer in Python", () => {
  let bed: AuditBed;
  let folder: string;
  let base: string;
  let size: number;

  beforeAll(async () => {
    bed = await auditBed();
    folder = await mkdtemp(join(tmpdir(), "interlock-python-"));
    await writeFile(join(folder, "token"), "token\n");
    const port = await freePort();
    base = `http://127.0.0.1:${port}`;
    const tokenHash = createHash("sha256").update("token").digest("hex");
    const auditors = JSON.stringify([{ name: "python", tokenHash, accounts: "*" }]);
    await bed.start({ AUDIT_LISTEN: `127.0.0.1:${port}`, AUDITORS: auditors });
    await bed.log.publish(
      "session.lifecycle.v1",
      madeEvents(COUNT).map((value) => ({ key: "k", value, headers: {} })),
    );
    const entries = new EntryRepository(bed.pool);
    await vi.waitFor(async () => expect(Number(await entries.settled())).toBeGreaterThan(COUNT), { timeout: 40_000, interval: 200 });
    size = Number(await entries.settled());
    await vi.waitFor(async () => expect((await bed.published()).length).toBeGreaterThanOrEqual(size), { timeout: 20_000, interval: 200 });
  });
  afterAll(async () => {
    await bed.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The topic as kcat prints it. */
  const dump = async () =>
    (await bed.published()).map(({ headers, value }) => {
      const text = Object.entries(headers).map(([name, one]) => `${name}=${one}`);
      return `${text.join(",")}\t${value}\n`;
    });
  const consume = (name: string, lines: readonly string[]): Promise<{ readonly exit: number | null; readonly said: string }> =>
    new Promise((resolve, reject) => {
      const args = [PROGRAM, "--out", join(folder, name), "--http", base, "--token-file", join(folder, "token")];
      const child = spawn("python3", args);
      let said = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (chunk: Buffer) => {
          said += chunk.toString();
        });
      }
      child.on("error", reject);
      child.on("close", (exit) => resolve({ exit, said }));
      child.stdin.end(lines.join(""));
    });

  it("keeps a copy of the topic whose root is that of the checkpoint", async () => {
    const { exit, said } = await consume("whole", await dump());
    expect(said).toContain("VERIFIED");
    expect(exit).toBe(0);
    const copy = await readFile(join(folder, "whole"), "utf8");
    expect(copy.split("\n").length - 1).toBeGreaterThanOrEqual(size);
  });

  it("says that it fell behind retention and repairs itself over HTTP, to the same copy", async () => {
    const all = await dump();
    const { exit, said } = await consume("late", all.slice(150));
    expect(said).toContain("GAP expected=0 first=150");
    expect(said).toContain("REPAIRED next=150");
    expect(exit).toBe(0);
    const [whole, late] = await Promise.all([readFile(join(folder, "whole")), readFile(join(folder, "late"))]);
    expect(late.subarray(0, whole.length).equals(whole) || whole.subarray(0, late.length).equals(late)).toBe(true);
  });

  it("notices a record that was changed on the topic", async () => {
    const changed = (await dump()).map((line, i) => (i === 40 ? line.replace("100.50", "900.50") : line));
    const { exit, said } = await consume("changed", changed);
    expect(said).toContain("MODIFIED");
    expect(exit).toBe(1);
  });
});
