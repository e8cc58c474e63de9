import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bumpFees, initialFees } from "./fees.js";

const fee = fc.bigInt({ min: 0n, max: 10n ** 14n });

describe("fees of a new transaction", () => {
  test("leave room for the base fee to double", () => {
    expect(initialFees(10n, 3n, 1_000n)).toEqual({ maxFeePerGas: 23n, maxPriorityFeePerGas: 3n });
  });

  test("never pass the ceiling, the tip included", () => {
    expect(initialFees(10n, 30n, 15n)).toEqual({ maxFeePerGas: 15n, maxPriorityFeePerGas: 15n });
  });
});

describe("fees of a replacement", () => {
  test("are both at least 12.5 % higher, or there is no replacement", () => {
    fc.assert(
      fc.property(fee, fee, fee, fee, fee, (a, b, market, tip, ceiling) => {
        const [high, low] = a > b ? [a, b] : [b, a];
        const previous = { maxFeePerGas: high, maxPriorityFeePerGas: low };
        const next = bumpFees(previous, { maxFeePerGas: market, maxPriorityFeePerGas: tip }, ceiling);
        if (next === undefined) return;
        expect(next.maxFeePerGas * 1000n).toBeGreaterThanOrEqual(previous.maxFeePerGas * 1125n);
        expect(next.maxPriorityFeePerGas * 1000n).toBeGreaterThanOrEqual(previous.maxPriorityFeePerGas * 1125n);
        expect(next.maxFeePerGas > previous.maxFeePerGas && next.maxPriorityFeePerGas > previous.maxPriorityFeePerGas).toBe(true);
        expect(next.maxFeePerGas).toBeLessThanOrEqual(ceiling);
        expect(next.maxPriorityFeePerGas).toBeLessThanOrEqual(next.maxFeePerGas);
      }),
    );
  });

  test("follow the market when it has risen further", () => {
    const next = bumpFees({ maxFeePerGas: 100n, maxPriorityFeePerGas: 8n }, { maxFeePerGas: 500n, maxPriorityFeePerGas: 20n }, 1_000n);
    expect(next).toEqual({ maxFeePerGas: 500n, maxPriorityFeePerGas: 20n });
  });

  test("stop exactly at the ceiling", () => {
    const market = { maxFeePerGas: 1n, maxPriorityFeePerGas: 1n };
    expect(bumpFees({ maxFeePerGas: 800n, maxPriorityFeePerGas: 8n }, market, 900n)?.maxFeePerGas).toBe(900n);
    expect(bumpFees({ maxFeePerGas: 800n, maxPriorityFeePerGas: 8n }, market, 899n)).toBeUndefined();
  });
});
