import { describe, expect, it } from "vitest";
import { bySize } from "./by-size.js";

const record = (bytes: number) => ({ key: "", value: Buffer.alloc(bytes), headers: {} });
const sizes = (of: number[], max: number) => bySize(of.map(record), max).map((part) => part.map(({ value }) => value.length));

describe("splitting records by size", () => {
  it("keeps their order and fills each part as far as it goes", () => {
    expect(sizes([4, 4, 3, 9, 1], 10)).toEqual([[4, 4], [3], [9, 1]]);
  });

  it("gives a record that is too large a part of its own, for the broker to judge", () => {
    expect(sizes([1, 20, 1], 10)).toEqual([[1], [20], [1]]);
  });

  it("makes nothing of nothing", () => {
    expect(sizes([], 10)).toEqual([]);
  });
});
