import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { readChainArguments } from "./chain-arguments.js";

const FILE = fileURLToPath(new URL("./chains/31337.json", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "chain-arguments-"));
afterAll(() => rmSync(folder, { recursive: true }));

function refusalOf(change: Readonly<Record<string, unknown>>): () => unknown {
  const path = join(folder, "chain.json");
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(FILE, "utf8")), ...change }));
  return () => readChainArguments(path);
}

describe("a chain's arguments file", () => {
  it("is read with amounts as whole numbers", () => {
    expect(readChainArguments(FILE)).toMatchObject({ chainId: 31337, delay: 0, gmx: { caps: { maxExecutionFee: 10n ** 16n } } });
  });

  it.each([
    ["a delay below 48 hours on a real chain", { chainId: 1, delay: 172_799 }, /delay: must be at least 172800 s/],
    ["an address with a wrong checksum", { guardian: "0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266" }, /guardian: must be an address/],
    ["a field nobody knows", { owner: "me" }, /Unrecognized key/],
    ["a delay that is text", { delay: "0" }, /delay: /],
    [
      "a swap router without tokens to swap into",
      { swap: { router: "0x0000000000000000000000000000000000000001", outputs: [], feeds: [] } },
      /swap\.outputs/,
    ],
  ])("is refused with %s", (_why, change, problem) => {
    expect(refusalOf(change)).toThrow(problem);
  });

  it("is good with 48 hours on a real chain, where a feed may not be a year old", () => {
    expect(refusalOf({ chainId: 1, delay: 172_800, gmx: undefined, swap: undefined })()).toMatchObject({ chainId: 1 });
    expect(refusalOf({ chainId: 1, delay: 172_800 })).toThrow(/maxAge must be at most 604800 s/);
  });
});
