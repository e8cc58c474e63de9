import { describe, expect, it } from "vitest";
import { TokenBuckets } from "./token-buckets.js";

describe("token buckets", () => {
  it("grant a burst, then the rate, and say how long to wait", () => {
    const buckets = new TokenBuckets({ perSecond: 2, burst: 2 }, 10);
    expect([buckets.take("a", 0), buckets.take("a", 0)]).toEqual([0, 0]);
    expect(buckets.take("a", 0)).toBe(0.5);
    expect(buckets.take("a", 499)).toBeGreaterThan(0);
    expect(buckets.take("a", 500)).toBe(0);
    expect(buckets.take("b", 500)).toBe(0);
  });

  it("never hold more than the burst, and take no token back when the clock goes back", () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, 10);
    expect(buckets.take("a", 1_000_000)).toBe(0);
    expect(buckets.take("a", 0)).toBe(1);
    expect([buckets.take("a", 5_000_000), buckets.take("a", 5_000_000)]).toEqual([0, 1]);
  });

  it("forget the least recently used key when there are too many", () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, 2);
    for (const key of ["a", "b", "a", "c"]) buckets.take(key, 0);
    expect(buckets.take("a", 0)).toBe(1);
    expect(buckets.take("b", 0)).toBe(0);
  });

  it("give as many tokens a second as they were made for, and say the wait in seconds", () => {
    const buckets = new TokenBuckets({ perSecond: 4, burst: 1 }, 10);
    expect([buckets.take("a", 0), buckets.take("a", 0), buckets.take("a", 125), buckets.take("a", 250)]).toEqual([0, 0.25, 0.125, 0]);
  });

  it("take nothing from a caller who has to wait", () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, 10);
    expect([0, 500, 500, 500, 1_000].map((now) => buckets.take("a", now))).toEqual([0, 0.5, 0.5, 0.5, 0]);
  });
});
