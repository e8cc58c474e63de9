import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { readSponsorKey } from "./sponsor-key.js";

const folder = mkdtempSync(join(tmpdir(), "sponsor-"));
const file = join(folder, "key");
afterAll(() => rmSync(folder, { recursive: true }));

it("reads a key", () => {
  writeFileSync(file, `0x${"11".repeat(32)}\n`);
  expect(readSponsorKey(file, { warn: vi.fn() })).toBe(`0x${"11".repeat(32)}`);
});

it.each([
  ["no file", join(folder, "none"), undefined],
  ["something else", file, "0xdeadbeef-not-a-key"],
])("goes on without a sponsor where there is %s, and logs nothing of it", (_what, path, content) => {
  if (content !== undefined) writeFileSync(path, content);
  const warn = vi.fn();
  expect(readSponsorKey(path, { warn })).toBeUndefined();
  expect(warn).toHaveBeenCalledOnce();
  expect(JSON.stringify(warn.mock.calls)).not.toContain("deadbeef");
});
