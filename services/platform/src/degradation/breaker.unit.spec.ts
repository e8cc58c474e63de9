import { describe, expect, it } from "vitest";
import { Breaker, type BreakerOptions } from "./breaker.js";

const random = { fraction: () => 0.5, bytes: (length: number) => new Uint8Array(length) };
const breaker = (options: Partial<BreakerOptions> = {}) => new Breaker({ random, ...options });
/** One that has been up. */
function closed(options: Partial<BreakerOptions> = {}): Breaker {
  const one = breaker(options);
  one.success(0, 1);
  return one;
}

describe("a breaker", () => {
  it("is open until something has answered, and the first answer closes it whatever the dwell", () => {
    const one = breaker({ dwellMs: 30_000, clearMs: 30_000 });
    expect(one.open).toBe(true);
    one.failure(1);
    expect([one.success(2, 1), one.open]).toEqual([true, false]);
  });

  it("opens at the third failure in a row, not at three with a success between", () => {
    const one = closed();
    one.failure(1);
    one.failure(2);
    one.success(3, 1);
    one.failure(4);
    one.failure(5);
    expect(one.open).toBe(false);
    expect([one.failure(6), one.open]).toEqual([true, true]);
  });

  it("opens when answers are over the budget for five seconds, and not for less", () => {
    const one = closed({ budgetMs: 100 });
    for (const at of [1_000, 3_000, 5_999]) expect(one.success(at, 101)).toBe(true);
    expect([one.success(6_000, 101), one.open]).toEqual([false, true]);
  });

  it("forgets slowness at the first answer in time", () => {
    const one = closed({ budgetMs: 100 });
    one.success(1_000, 200);
    one.success(4_000, 50);
    one.success(5_000, 200);
    expect(one.success(9_000, 200)).toBe(true);
  });

  it("closes only after enough successes in a row", () => {
    const one = closed({ clearMs: 30_000 });
    for (const at of [1, 2, 3]) one.failure(at);
    expect(one.success(1_000, 1)).toBe(false);
    expect(one.success(30_999, 1)).toBe(false);
    one.failure(31_000);
    expect(one.success(32_000, 1)).toBe(false);
    expect(one.success(61_999, 1)).toBe(false);
    expect([one.success(62_000, 1), one.open]).toEqual([true, false]);
  });

  it("stays open for the dwell and what was drawn on top, however good the answers", () => {
    const one = closed({ dwellMs: 10_000 });
    for (const at of [100, 200, 300]) one.failure(at);
    expect(one.success(12_799, 1)).toBe(false);
    expect(one.success(12_800, 1)).toBe(true);
  });

  it("says once that it opened", () => {
    const one = closed();
    expect([1, 2, 3, 4].map((at) => one.failure(at))).toEqual([false, false, true, false]);
  });
});
