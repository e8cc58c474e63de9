import { describe, expect, it } from "vitest";
import { anArmed, apply, aSettle, aUse, execution, START, TOKEN } from "../testing/session.builder.js";
import type { SessionCommand } from "./session-command.js";
import { isSession, type Session } from "./session-state.js";
import { usageAt } from "./usage.js";
import { usageLeft } from "./usage-left.js";

function having(session: Session, ...commands: readonly SessionCommand[]): Session {
  let state = session;
  for (const command of commands) {
    const next = apply(state, command).state;
    if (!isSession(next)) throw new Error("no session");
    state = next;
  }
  return state;
}
const budget = (state: Session, at: number, except?: string) => usageAt(state, at, except).budgets.get(TOKEN);

describe("what a session has used, as policy is told", () => {
  it("holds every reservation, each operation at its deadline", () => {
    const state = having(anArmed(), aUse(1, { amount: 100n }), aUse(2, { amount: 30n, at: START + 105 }));
    expect(usageAt(state, START + 110)).toEqual({
      budgets: new Map([[TOKEN, { index: 0n, previous: 0n, current: 130n }]]),
      operations: [BigInt(START + 200), BigInt(START + 205)],
    });
  });

  it("leaves out the execution that asks again", () => {
    const state = having(anArmed(), aUse(1, { amount: 100n }), aUse(2, { amount: 30n }));
    expect(budget(state, START + 110, execution(1))?.current).toBe(30n);
    expect(usageAt(state, START + 110, execution(1)).operations).toHaveLength(1);
  });

  it("tells what was mined in the bucket before from what is held now", () => {
    const mined = having(anArmed({ budgetWindow: 300 }), aUse(1, { amount: 100n }), aSettle(1, "committed"));
    const state = having(mined, aUse(2, { amount: 50n, at: START + 310 }));
    expect(budget(state, START + 310)).toEqual({ index: 1n, previous: 100n, current: 50n });
    expect(budget(mined, START + 620)).toEqual({ index: 2n, previous: 0n, current: 0n });
  });

  it("is read from the beginning of the window before it has begun", () => {
    expect(budget(anArmed(), START - 500)).toEqual({ index: 0n, previous: 0n, current: 0n });
  });

  it("names no operations without a count limit", () => {
    expect(usageAt(having(anArmed({ maxOps: 0 }), aUse(1)), START + 110).operations).toEqual([]);
  });
});

describe("what a session may still do", () => {
  it("is its limits, when the bucket ends, and the operations that are left", () => {
    const state = having(anArmed({ budgetWindow: 300 }), aUse(1, { amount: 100n }));
    expect(usageLeft(state, START + 110)).toEqual({
      tokens: [{ token: TOKEN, perOp: 1_000n, perPeriod: 2_000n, left: 1_900n, resetsAt: BigInt(START + 300) }],
      operationsLeft: 9,
      nextOperationAt: BigInt(START + 110),
    });
    expect(usageLeft(state, START + 310).tokens[0]?.resetsAt).toBe(BigInt(START + 600));
  });

  it("begins with its window", () => {
    expect(usageLeft(anArmed(), START - 500)).toMatchObject({ nextOperationAt: BigInt(START) });
    expect(usageLeft(anArmed({ budgetWindow: 300 }), START - 500).tokens[0]?.resetsAt).toBe(BigInt(START + 300));
  });

  it("says when the next operation may come, if it comes before the end of the window", () => {
    const used = (lasts: number) => usageLeft(having(anArmed({ maxOps: 1, rateWindow: 500, lasts }), aUse(1)), START + 110);
    expect(used(701)).toMatchObject({ operationsLeft: 0, nextOperationAt: BigInt(START + 700) });
    expect(used(700)).toMatchObject({ operationsLeft: 0, nextOperationAt: undefined });
  });

  it("has no count without a count limit", () => {
    expect(usageLeft(anArmed({ maxOps: 0 }), START + 110)).toMatchObject({ operationsLeft: undefined });
  });

  it("looks as far ahead as the longest deadline of an intent", () => {
    const state = having(anArmed({ budgetWindow: 300 }), aUse(1, { amount: 100n, at: START + 400, deadline: START + 450 }));
    expect(usageLeft(state, START + 50).tokens[0]?.left).toBe(1_900n);
  });
});
