import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { readKeyedUrls } from "./keyed-urls.js";

describe("keyed RPC URLs", () => {
  const folder = mkdtempSync(join(tmpdir(), "keyed-urls-"));
  const file = join(folder, "rpc-urls");
  const logger = { warn: vi.fn() };
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("are those of the file", () => {
    writeFileSync(file, "https://a.example/k1, https://b.example/k2\n");
    expect(readKeyedUrls(file, logger)).toEqual(["https://a.example/k1", "https://b.example/k2"]);
  });

  it("are none where no file is named", () => expect(readKeyedUrls(undefined, logger)).toEqual([]));

  it.each([
    ["is not there", () => rmSync(file, { force: true }), "ENOENT"],
    ["is no list of URLs", () => writeFileSync(file, "hunter2"), "must be comma-separated http(s) URLs"],
  ])("are none, with a warning that quotes nothing, where the file %s", (_, spoil, why) => {
    spoil();
    expect(readKeyedUrls(file, logger)).toEqual([]);
    expect(logger.warn).toHaveBeenLastCalledWith({ file, why }, "keyed RPC URLs are not used");
  });
});
