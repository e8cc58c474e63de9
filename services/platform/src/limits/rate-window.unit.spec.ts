import { describe, expect, it } from "vitest";
import { addOperations, countedOperations, nextOperationAt, operationsLeft, removeOperations } from "./rate-window.js";

const limit = { maxOps: 2, rateWindow: 100n };

describe("the sliding window", () => {
  it.each([
    [1099n, 0],
    [1100n, 1],
    [1101n, 1],
    [1109n, 1],
    [1110n, 2],
  ])("at %s admits %s more after operations at 1000 and 1010", (now, left) => {
    expect(operationsLeft([1000n, 1010n], limit, now)).toBe(left);
  });
  it("is never below 0", () => {
    expect(operationsLeft([1000n, 1000n, 1000n], limit, 1000n)).toBe(0);
  });
  it("has no limit when maxOps is 0", () => {
    expect(operationsLeft([1000n], { ...limit, maxOps: 0 }, 1000n)).toBeUndefined();
  });
  it("drops an operation at exactly the window's age", () => {
    expect(countedOperations([1000n, 1001n], limit, 1100n)).toEqual([1001n]);
  });
});

describe("the next operation", () => {
  it("is now when there is room", () => {
    expect(nextOperationAt([1000n], limit, 1050n)).toBe(1050n);
  });
  it("is when the oldest leaves the window", () => {
    expect(nextOperationAt([1000n, 1010n], limit, 1050n)).toBe(1100n);
  });
  it("waits for as many to leave as a batch needs", () => {
    expect(nextOperationAt([1000n, 1010n], limit, 1050n, 2)).toBe(1110n);
  });
  it("never comes for a batch above the limit", () => {
    expect(nextOperationAt([1000n], limit, 1050n, 3)).toBeUndefined();
    expect(nextOperationAt([], limit, 1050n, 3)).toBeUndefined();
  });
  it("is now without a count limit", () => {
    expect(nextOperationAt([1000n], { ...limit, maxOps: 0 }, 1050n, 9)).toBe(1050n);
  });
});

describe("the list of operations", () => {
  it("stays oldest first", () => {
    expect(addOperations([1n, 5n], 3n, 2)).toEqual([1n, 3n, 3n, 5n]);
    expect(addOperations([1n, 5n], 5n, 1)).toEqual([1n, 5n, 5n]);
    expect(addOperations([2n], 1n, 1)).toEqual([1n, 2n]);
    expect(addOperations([], 1n, 0)).toEqual([]);
  });
  it("loses only as many as are taken back", () => {
    expect(removeOperations([1n, 3n, 3n, 3n, 5n], 3n, 2)).toEqual([1n, 3n, 5n]);
    expect(removeOperations([1n], 3n, 2)).toEqual([1n]);
  });
});
