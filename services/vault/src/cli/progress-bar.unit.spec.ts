import { describe, expect, it } from "vitest";
import { progressBar } from "./progress-bar.js";

const at = (total: number, remaining: number) => progressBar({ state: "running", targetVersion: 2, total, remaining, rowsPerSecond: 500 });

describe("the progress bar", () => {
  it("says how much is done in bar, percent and rows", () => {
    expect(at(200, 100)).toBe("[###############---------------] 50 %  100 of 200  500/s  running");
  });

  it("does not claim to be done before it is", () => {
    expect(at(20_000, 1)).toContain(" 99 % ");
  });

  it("is full when there is nothing to do, and when more rows came than were counted", () => {
    expect(at(0, 0)).toContain("100 %");
    expect(at(10, 12)).toContain(" 0 % ");
  });
});
