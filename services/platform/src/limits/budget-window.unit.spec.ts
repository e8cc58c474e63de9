import { describe, expect, it } from "vitest";
import { addToBudget, bucketIndex, budgetLeft, rollBudget, takeFromBudget, UNUSED_BUDGET } from "./budget-window.js";

const used = { index: 5n, previous: 30n, current: 40n };

describe("a bucket", () => {
  it.each([
    [1000n, 0n],
    [1099n, 0n],
    [1100n, 1n],
    [1199n, 1n],
    [1200n, 2n],
  ])("at %s has index %s", (now, index) => {
    expect(bucketIndex(now, 1000n, 100n)).toBe(index);
  });
});

describe("rolling a budget", () => {
  it("keeps it inside its own bucket", () => {
    expect(rollBudget(used, 5n)).toEqual(used);
  });
  it("makes the current bucket the previous one in the next", () => {
    expect(rollBudget(used, 6n)).toEqual({ index: 6n, previous: 40n, current: 0n });
  });
  it("forgets both two buckets later", () => {
    expect(rollBudget(used, 7n)).toEqual({ index: 7n, previous: 0n, current: 0n });
  });
  it("forgets nothing when the clock goes back", () => {
    expect(rollBudget(used, 4n)).toEqual(used);
  });
});

describe("what is left", () => {
  it("counts both buckets", () => {
    expect(budgetLeft(used, 5n, 100n)).toBe(30n);
  });
  it("counts only the last one in the next bucket", () => {
    expect(budgetLeft(used, 6n, 100n)).toBe(60n);
  });
  it("is never below 0", () => {
    expect(budgetLeft(used, 5n, 69n)).toBe(0n);
    expect(budgetLeft(used, 5n, 70n)).toBe(0n);
    expect(budgetLeft(used, 5n, 71n)).toBe(1n);
  });
});

describe("counting", () => {
  it("adds to the current bucket", () => {
    expect(addToBudget(used, 5n, 2n)).toEqual({ index: 5n, previous: 30n, current: 42n });
  });
  it("rolls first", () => {
    expect(addToBudget(used, 6n, 2n)).toEqual({ index: 6n, previous: 40n, current: 2n });
  });
  it("adds what happened in the bucket before to that one", () => {
    expect(addToBudget(used, 4n, 2n)).toEqual({ index: 5n, previous: 32n, current: 40n });
  });
  it("ignores what is too old to matter", () => {
    expect(addToBudget(used, 3n, 2n)).toEqual(used);
  });
  it("starts from nothing", () => {
    expect(addToBudget(UNUSED_BUDGET, 0n, 2n)).toEqual({ index: 0n, previous: 0n, current: 2n });
  });
});

describe("taking back", () => {
  it("takes from the bucket it was counted in", () => {
    expect(takeFromBudget(used, 5n, 10n)).toEqual({ index: 5n, previous: 30n, current: 30n });
    expect(takeFromBudget(used, 4n, 10n)).toEqual({ index: 5n, previous: 20n, current: 40n });
  });
  it("never gives more than was used", () => {
    expect(takeFromBudget(used, 5n, 41n).current).toBe(0n);
    expect(takeFromBudget(used, 4n, 31n).previous).toBe(0n);
  });
  it("leaves forgotten and later buckets alone", () => {
    expect(takeFromBudget(used, 3n, 10n)).toEqual(used);
    expect(takeFromBudget(used, 6n, 10n)).toEqual(used);
  });
});
