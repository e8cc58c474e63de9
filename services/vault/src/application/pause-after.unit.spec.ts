import { describe, expect, it } from "vitest";
import { pauseAfter } from "./pause-after.js";

describe("the pause between two batches of a rewrap", () => {
  it("keeps to the rate the operator set where nothing else is going on", () => {
    expect(pauseAfter(16, 200, 5)).toBe(80);
  });

  it("is three times what a batch took that had to wait for signing", () => {
    expect(pauseAfter(16, 200, 60)).toBe(180);
  });

  it("is never longer for that reason than half a second, so that the rewrap ends", () => {
    expect(pauseAfter(16, 200, 20_000)).toBe(500);
    expect(pauseAfter(16, 4, 20_000)).toBe(4_000);
  });
});
