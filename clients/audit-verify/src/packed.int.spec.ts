import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The compiled program is what gets packed; without a build there is nothing to look at. */
describe.runIf(existsSync(join(root, "dist/clients/audit-verify/src/main.js")))("the packed verifier", () => {
  const folder = mkdtempSync(join(tmpdir(), "interlock-packed-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("runs by itself, without any package beside it", () => {
    execFileSync(process.execPath, [join(root, "clients/audit-verify/pack.mjs"), folder]);
    const help = execFileSync(process.execPath, [join(folder, "src/main.js"), "--help"], { encoding: "utf8" });
    expect(help).toContain("exit 0  verified");
    expect(readdirSync(folder).sort()).toEqual(["LICENSE", "README.md", "package.json", "platform", "src"]);
  });
});
