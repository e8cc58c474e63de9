import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openFinished } from "./finished.js";

describe("the finished parts of a contracts campaign", () => {
  let folder = "";
  let file = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "interlock-finished-"));
    file = join(folder, "ledger.jsonl");
    mkdirSync(join(folder, "src"));
    writeFileSync(join(folder, "src", "A.sol"), "contract A {}");
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("are known to the next run", () => {
    openFinished(file, folder).note("oracle", { steps: 5 });
    const next = openFinished(file, folder);
    expect(next.figures("oracle")).toEqual({ steps: 5 });
    expect(next.figures("invariants")).toBeUndefined();
  });

  it("count no more once a source has changed", () => {
    openFinished(file, folder).note("oracle", { steps: 5 });
    writeFileSync(join(folder, "src", "A.sol"), "contract A { uint256 a; }");
    expect(openFinished(file, folder).figures("oracle")).toBeUndefined();
  });

  it("are kept nowhere without a file", () => {
    openFinished(undefined, folder).note("oracle", { steps: 5 });
    expect(openFinished(undefined, folder).figures("oracle")).toBeUndefined();
  });
});
