import { describe, expect, it } from "vitest";
import type { Limits } from "#platform/limits/limits.js";
import { UNUSED } from "#platform/limits/limits-state.js";
import { execution, hash } from "../testing/session.builder.js";
import { budgetLeftThroughout, heldOperations, limitRefusals } from "./reservation-window.js";
import type { Reservation } from "./session-state.js";

const TOKEN = "0x00000000000000000000000000000000000000c1";
const OTHER = "0x00000000000000000000000000000000000000c2";
const FOREIGN = "0x00000000000000000000000000000000000000c3";

/** Buckets of 100 s from second 0; 100 of each token in a window, 60 at once; two operations in 100 s. */
const limits: Limits = {
  validAfter: 0n,
  budgetWindow: 100n,
  rateWindow: 100n,
  maxOps: 2,
  limits: ([TOKEN, OTHER] as const).map((token) => ({ token, perOp: 60n, perPeriod: 100n })),
};

function held(reservedAt: bigint, deadline: bigint, amount = 10n, operations = 1): Reservation {
  const ids = { executionId: execution(1), reservationId: execution(2), decisionId: "", digest: hash("01"), nonce: "1" };
  return { ...ids, operation: { operations, spends: [{ token: TOKEN, amount }] }, reservedAt, deadline };
}
const used = (...pending: readonly Reservation[]) => ({ committed: UNUSED, pending });
const spending = (...spends: readonly (readonly [`0x${string}`, bigint])[]) => ({
  operations: 1,
  spends: spends.map(([token, amount]) => ({ token, amount })),
});
const window = (from: bigint, deadline = from + 10n) => ({ from, deadline });

describe("operations that may still be mined", () => {
  it("stand at their deadlines among the mined ones, oldest first", () => {
    const committed = { ...UNUSED, operations: [5n, 30n] };
    expect(heldOperations({ committed, pending: [held(1n, 40n), held(1n, 20n, 1n, 2), held(1n, 10n)] })).toEqual([
      5n,
      10n,
      20n,
      20n,
      30n,
      40n,
    ]);
  });

  it("leave room for as many as the rate says, counted from their deadlines", () => {
    expect(limitRefusals(limits, used(held(1n, 10n)), spending(), window(20n))).toEqual([]);
    expect(limitRefusals(limits, used(held(1n, 10n), held(1n, 15n)), spending(), window(20n))).toEqual([
      { code: "OP_RATE_EXCEEDED", asked: 1, left: 0, nextAt: 110n },
    ]);
    expect(limitRefusals(limits, used(held(1n, 10n), held(1n, 15n)), spending(), window(110n))).toEqual([]);
  });

  it("are not counted without a count limit", () => {
    const three = used(held(1n, 10n), held(1n, 15n), held(1n, 15n));
    expect(limitRefusals({ ...limits, maxOps: 0 }, three, spending(), window(20n))).toEqual([]);
  });
});

describe("spending in a window", () => {
  it("may take the limit of one operation to the last unit, and not one more", () => {
    expect(limitRefusals(limits, used(), spending([TOKEN, 60n]), window(5n))).toEqual([]);
    expect(limitRefusals(limits, used(), spending([TOKEN, 61n]), window(5n))).toEqual([
      { code: "PER_OP_EXCEEDED", token: TOKEN, asked: 61n, limit: 60n },
    ]);
  });

  it("may take the budget to the last unit in several parts, each counted after the ones before it", () => {
    expect(limitRefusals(limits, used(), spending([TOKEN, 60n], [TOKEN, 40n]), window(5n))).toEqual([]);
    expect(limitRefusals(limits, used(), spending([TOKEN, 60n], [TOKEN, 30n], [TOKEN, 11n]), window(5n))).toEqual([
      { code: "BUDGET_EXCEEDED", token: TOKEN, asked: 11n, left: 10n },
    ]);
    expect(limitRefusals(limits, used(), spending([TOKEN, 60n], [TOKEN, 50n], [TOKEN, 1n]), window(5n))).toEqual([
      { code: "BUDGET_EXCEEDED", token: TOKEN, asked: 50n, left: 40n },
      { code: "BUDGET_EXCEEDED", token: TOKEN, asked: 1n, left: 0n },
    ]);
  });

  it("may name any token with nothing, and none but those of the policy with more", () => {
    expect(limitRefusals(limits, used(), spending([FOREIGN, 0n]), window(5n))).toEqual([]);
    expect(limitRefusals(limits, used(), spending([FOREIGN, 1n]), window(5n))).toEqual([
      { code: "TOKEN_NOT_IN_SCOPE", token: FOREIGN, asked: 1n },
    ]);
    expect(budgetLeftThroughout(limits, used(), FOREIGN, window(5n))).toBe(0n);
  });

  it("leaves what no reservation of the same token holds", () => {
    expect(budgetLeftThroughout(limits, used(held(1n, 50n, 30n), held(2n, 60n, 20n)), TOKEN, window(5n))).toBe(50n);
    expect(budgetLeftThroughout(limits, used(held(1n, 50n, 30n)), OTHER, window(5n))).toBe(100n);
  });

  it("counts a reservation in every bucket it can fall into and in the one after", () => {
    const across = used(held(90n, 110n, 30n));
    expect([5n, 105n, 205n, 305n].map((from) => budgetLeftThroughout(limits, across, TOKEN, window(from)))).toEqual([70n, 70n, 70n, 100n]);
    const first = used(held(10n, 50n, 30n));
    expect([105n, 195n, 205n].map((from) => budgetLeftThroughout(limits, first, TOKEN, window(from)))).toEqual([70n, 70n, 100n]);
  });

  it("looks as far as the intent's own deadline, and one bucket on", () => {
    const late = used(held(250n, 260n, 30n));
    expect(budgetLeftThroughout(limits, late, TOKEN, window(5n, 90n))).toBe(100n);
    expect(budgetLeftThroughout(limits, late, TOKEN, window(5n, 190n))).toBe(70n);
  });

  it("never leaves less than nothing, even when more was mined than was allowed", () => {
    const committed = { ...UNUSED, budgets: new Map([[TOKEN, { index: 0n, previous: 0n, current: 130n }]]) };
    expect(budgetLeftThroughout(limits, { committed, pending: [] }, TOKEN, window(5n))).toBe(0n);
  });

  it("never goes back to a bucket older than the last one the chain counted in", () => {
    const committed = { ...UNUSED, budgets: new Map([[TOKEN, { index: 3n, previous: 10n, current: 20n }]]) };
    expect(budgetLeftThroughout(limits, { committed, pending: [] }, TOKEN, window(5n))).toBe(70n);
    expect(budgetLeftThroughout(limits, { committed, pending: [] }, TOKEN, window(405n))).toBe(80n);
  });
});
