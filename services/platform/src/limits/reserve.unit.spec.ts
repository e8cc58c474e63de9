import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Limits, limitOf } from "./limits.js";
import { count, type LimitsState, release, settle, UNUSED } from "./limits-state.js";
import { remaining, reserve } from "./reserve.js";

const USDC = "0x00000000000000000000000000000000000000C1";
const DAI = "0x00000000000000000000000000000000000000c2";
const limits: Limits = {
  validAfter: 1_000n,
  budgetWindow: 100n,
  rateWindow: 100n,
  maxOps: 3,
  limits: [{ token: USDC, perOp: 50n, perPeriod: 120n }],
};
const pay = (amount: bigint, token: `0x${string}` = USDC) => ({ operations: 1, spends: [{ token, amount }] });

function reserved(state: LimitsState, amount: bigint, now: bigint): LimitsState {
  const result = reserve(limits, state, pay(amount), now);
  if (!result.ok) throw new Error(`refused: ${result.refusals.map(({ code }) => code).join()}`);
  return result.state;
}

function codes(state: LimitsState, operation: ReturnType<typeof pay>, now: bigint, under: Limits = limits): string[] {
  const result = reserve(under, state, operation, now);
  return result.ok ? [] : result.refusals.map(({ code }) => code);
}

describe("reserving", () => {
  it("counts amount and operation", () => {
    const state = reserved(UNUSED, 50n, 1_010n);
    expect(state.operations).toEqual([1_010n]);
    expect(remaining(limits, state, USDC, 1_010n)).toBe(70n);
  });
  it("admits exactly the limit of one operation and no more", () => {
    expect(codes(UNUSED, pay(50n), 1_000n)).toEqual([]);
    expect(reserve(limits, UNUSED, pay(51n), 1_000n)).toEqual({
      ok: false,
      refusals: [{ code: "PER_OP_EXCEEDED", token: USDC, asked: 51n, limit: 50n }],
    });
  });
  it("admits exactly what is left of the budget and no more", () => {
    const state = reserved(reserved(UNUSED, 50n, 1_000n), 50n, 1_001n);
    expect(codes(state, pay(20n), 1_002n)).toEqual([]);
    expect(reserve(limits, state, pay(21n), 1_002n)).toEqual({
      ok: false,
      refusals: [{ code: "BUDGET_EXCEEDED", token: USDC, asked: 21n, left: 20n }],
    });
  });
  it("refuses the operation after the last one and says when the next may come", () => {
    const state = [1_000n, 1_001n, 1_002n].reduce((so, now) => reserved(so, 1n, now), UNUSED);
    expect(reserve(limits, state, pay(1n), 1_003n)).toEqual({
      ok: false,
      refusals: [{ code: "OP_RATE_EXCEEDED", asked: 1, left: 0, nextAt: 1_100n }],
    });
    expect(codes(state, pay(1n), 1_099n)).toEqual(["OP_RATE_EXCEEDED"]);
    expect(codes(state, pay(1n), 1_100n)).toEqual([]);
    expect(codes(state, pay(1n), 1_101n)).toEqual([]);
  });
  it("refuses a token that has no limit, whatever the case of its address", () => {
    expect(codes(UNUSED, pay(1n, DAI), 1_000n)).toEqual(["TOKEN_NOT_IN_SCOPE"]);
    expect(limitOf(limits, USDC.toLowerCase())?.perOp).toBe(50n);
  });
  it("lets nothing be spent of any token, as the chain does", () => {
    expect(codes(UNUSED, pay(0n, DAI), 1_000n)).toEqual([]);
  });
  it("counts the calls of a batch against one budget together", () => {
    const spends = [50n, 50n, 50n].map((amount) => ({ token: USDC, amount }) as const);
    expect(codes(UNUSED, { operations: 3, spends }, 1_000n)).toEqual(["BUDGET_EXCEEDED"]);
    expect(codes(UNUSED, { operations: 2, spends: spends.slice(0, 2) }, 1_000n)).toEqual([]);
    expect(codes(UNUSED, { operations: 4, spends: [] } as ReturnType<typeof pay>, 1_000n)).toEqual(["OP_RATE_EXCEEDED"]);
  });
  it("keeps no operations without a count limit", () => {
    const result = reserve({ ...limits, maxOps: 0 }, UNUSED, pay(1n), 1_000n);
    expect(result.ok && result.state.operations).toEqual([]);
  });
  it("has nothing left of a token without a limit", () => {
    expect(remaining(limits, UNUSED, DAI, 1_000n)).toBe(0n);
  });
});

describe("releasing", () => {
  it("undoes a reservation", () => {
    const before = reserved(UNUSED, 10n, 1_000n);
    const after = release(limits, reserved(before, 50n, 1_005n), pay(50n), 1_005n);
    expect(after.operations).toEqual([1_000n]);
    expect(remaining(limits, after, USDC, 1_005n)).toBe(110n);
  });
  it("leaves a token alone that was never counted", () => {
    expect(release(limits, UNUSED, pay(5n), 1_000n).budgets.size).toBe(0);
  });
});

describe("settling", () => {
  it("moves a reservation to the block's time, where the chain counts it", () => {
    const state = settle(limits, reserved(UNUSED, 50n, 1_099n), pay(50n), 1_099n, 1_101n);
    expect(state.operations).toEqual([1_101n]);
    expect(remaining(limits, state, USDC, 1_250n)).toBe(70n);
  });
  it("forgets operations that no longer count", () => {
    expect(count(limits, { ...UNUSED, operations: [1_000n, 1_001n] }, pay(1n), 1_100n).operations).toEqual([1_001n, 1_100n]);
  });
});

describe("whatever is asked", () => {
  const history = fc.array(fc.record({ wait: fc.bigInt(0n, 60n), amount: fc.bigInt(0n, 60n) }), { maxLength: 40 });

  it("never goes above the budget, nor above the rate, in any window", () => {
    fc.assert(
      fc.property(history, (steps) => {
        let state = UNUSED;
        let now = 1_000n;
        const done: { at: bigint; amount: bigint }[] = [];
        for (const { wait, amount } of steps) {
          now += wait;
          const result = reserve(limits, state, pay(amount), now);
          if (!result.ok) continue;
          state = result.state;
          done.push({ at: now, amount });
        }
        for (const { at: end } of done) {
          const inside = done.filter(({ at }) => at <= end && end - at < 100n);
          expect(inside.length).toBeLessThanOrEqual(3);
          expect(inside.reduce((sum, { amount }) => sum + amount, 0n)).toBeLessThanOrEqual(120n);
        }
      }),
    );
  });
});
