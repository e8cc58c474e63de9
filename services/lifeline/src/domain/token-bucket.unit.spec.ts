import { describe, expect, it } from "vitest";
import { TokenBuckets } from "./token-bucket.js";

describe("token buckets", () => {
  it("let a burst through, then say how long to wait", () => {
    const buckets = new TokenBuckets(2, 1);
    expect([buckets.take("a", 0), buckets.take("a", 0), buckets.take("a", 0)]).toEqual([0, 0, 1]);
  });

  it("fill again with time, never beyond their capacity", () => {
    const buckets = new TokenBuckets(2, 1);
    for (const _ of [1, 2]) buckets.take("a", 0);
    expect([buckets.take("a", 1_000), buckets.take("a", 1_500)]).toEqual([0, 0.5]);
    expect([3, 2, 1].map(() => buckets.take("a", 100_000))).toEqual([0, 0, 1]);
  });

  it("count each caller alone and forget the oldest when memory is full", () => {
    const buckets = new TokenBuckets(1, 1, 2);
    for (const caller of ["a", "b", "c"]) expect(buckets.take(caller, 0)).toBe(0);
    expect(buckets.take("b", 0)).toBe(1);
    expect(buckets.take("a", 0)).toBe(0);
  });
});
