import { expect, it } from "vitest";
import { readAhead } from "./read-ahead.js";

/** A log of the positions 1..n that grows to the next of `sizes` with each read. */
function growingLog(...sizes: number[]) {
  let size = 0;
  return async (after: bigint) => {
    size = sizes.shift() ?? size;
    return Array.from({ length: size }, (_, index) => index + 1).slice(Number(after), Number(after) + 4);
  };
}

async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const seen: T[] = [];
  for await (const page of pages) seen.push(...page);
  return seen;
}

const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

it("gives every item once and in order", async () => {
  expect(await all(readAhead(growingLog(18), 4))).toEqual(upTo(18));
});

it("ends at once with an empty log", async () => {
  expect(await all(readAhead(growingLog(0), 4))).toEqual([]);
});

it("leaves no hole when the log grows between reads that were asked for together", async () => {
  expect(await all(readAhead(growingLog(6, 6, 11, 13, 13, 21), 4))).toEqual(upTo(21));
});

it("throws a page's failure in its turn, after the pages before it", async () => {
  const seen: number[] = [];
  const read = async (after: bigint) => {
    if (after >= 4n) throw new RangeError(`no page after ${after}`);
    return upTo(4);
  };
  const reading = async () => {
    for await (const page of readAhead(read, 4)) seen.push(...page);
  };
  await expect(reading()).rejects.toThrow("no page after 4");
  expect(seen).toEqual([1, 2, 3, 4]);
});
