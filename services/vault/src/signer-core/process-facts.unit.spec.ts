import { describe, expect, it } from "vitest";
import { FACT_FILES, processFacts } from "./process-facts.js";

const limits = (soft: string, hard: string) =>
  `Limit                     Soft Limit           Hard Limit           Units\nMax core file size        ${soft.padEnd(20)} ${hard.padEnd(20)} bytes`;
const SWAPS = "Filename\tType\tSize\tUsed\tPriority";

function facts(files: Partial<Record<keyof typeof FACT_FILES, string>>) {
  const texts = new Map(Object.entries(files).map(([name, text]) => [FACT_FILES[name as keyof typeof FACT_FILES] as string, text]));
  return processFacts((path) => texts.get(path));
}

describe("what signer-core says of its own process", () => {
  it.each([
    ["off", "0", "0"],
    ["on", "0", "unlimited"],
    ["on", "unlimited", "unlimited"],
  ])("has core dumps %s with a limit of %s, raised at most to %s", (coreDumps, soft, hard) => {
    expect(facts({ limits: limits(soft, hard) }).coreDumps).toBe(coreDumps);
  });

  it("says how much memory is locked", () => {
    expect(facts({ status: "VmPeak:\t  100 kB\nVmLck:\t      0 kB\nVmPin:\t 0 kB" }).lockedKilobytes).toBe(0);
  });

  it.each([
    ["none", { swaps: SWAPS }],
    ["possible", { swaps: `${SWAPS}\n/dev/sda2 partition 8388604 0 -2` }],
    ["none", { swaps: `${SWAPS}\n/dev/sda2 partition 8388604 0 -2`, swapLimit: "0\n" }],
    ["possible", { swaps: `${SWAPS}\n/dev/sda2 partition 8388604 0 -2`, swapLimit: "max\n" }],
  ])("has swap %s", (swap, files) => expect(facts(files).swap).toBe(swap));

  it("does not guess where the system says nothing", () => {
    expect(facts({})).toMatchObject({ coreDumps: "unknown", lockedKilobytes: null, swap: "unknown" });
  });
});
