import { describe, expect, it } from "vitest";
import { LOOK_BACK, MAX_SPAN, nextSpan } from "./block-span.js";

describe("the next blocks to read", () => {
  it("begin a little before the head on the first look", () => {
    expect(nextSpan(undefined, 100n)).toEqual({ from: 100n - LOOK_BACK, to: 100n });
    expect(nextSpan(undefined, 2n)).toEqual({ from: 0n, to: 2n });
  });

  it("are none when the head was seen", () => {
    expect(nextSpan(100n, 100n)).toBeUndefined();
  });

  it("overlap what was read before, so that a short reorganisation hides nothing", () => {
    expect(nextSpan(100n, 101n)).toEqual({ from: 94n, to: 101n });
    expect(nextSpan(3n, 4n)).toEqual({ from: 0n, to: 4n });
  });

  it("are at most a span long and reach the head in the end", () => {
    let seen: bigint | undefined = 1_000n;
    let looks = 0;
    for (let span = nextSpan(seen, 3_000n); span !== undefined; span = nextSpan(seen, 3_000n)) {
      expect(span.to - span.from).toBeLessThanOrEqual(MAX_SPAN);
      seen = span.to;
      looks += 1;
    }
    expect(seen).toBe(3_000n);
    expect(looks).toBe(5);
  });

  it("go back with a chain that lost its head", () => {
    expect(nextSpan(100n, 97n)).toEqual({ from: 91n, to: 97n });
  });

  it("begin with the first block on a chain as short as the look back", () => {
    expect(nextSpan(undefined, 7n)).toEqual({ from: 1n, to: 7n });
    expect(nextSpan(7n, 8n)).toEqual({ from: 1n, to: 8n });
    expect(nextSpan(6n, 8n)).toEqual({ from: 0n, to: 8n });
  });

  it("reach the head when exactly one span is left, and stop one block short of a longer one", () => {
    expect(nextSpan(106n, 600n)).toEqual({ from: 100n, to: 600n });
    expect(nextSpan(106n, 601n)).toEqual({ from: 100n, to: 600n });
  });
});
