import { describe, expect, it } from "vitest";
import { checkDeadline, MAX_DEADLINE_SECONDS } from "./check-deadline.js";

const NOW = 1_800_000_000n;

describe("the deadline of an intent", () => {
  it.each([1n, 60n, MAX_DEADLINE_SECONDS])("may lie %d seconds ahead", (seconds) => {
    expect(() => checkDeadline(NOW + seconds, NOW)).not.toThrow();
  });

  it("may lie at most 120 seconds ahead: so long a signature lives after a DISARM", () => {
    expect(MAX_DEADLINE_SECONDS).toBe(120n);
    expect(() => checkDeadline(NOW + 121n, NOW)).toThrow(
      expect.objectContaining({
        code: "DEADLINE_TOO_FAR",
        message: "intent.deadline: must be at most 120 s away",
        details: { field: "intent.deadline", value: "1800000121", now: "1800000000" },
      }),
    );
  });

  it.each([0n, 1n, 1_000n])("must not have passed %d seconds ago", (seconds) => {
    expect(() => checkDeadline(NOW - seconds, NOW)).toThrow(
      expect.objectContaining({
        code: "EXPIRED",
        message: "intent.deadline: has passed",
        details: { field: "intent.deadline", value: String(NOW - seconds), now: "1800000000" },
      }),
    );
  });
});
