import { describe, expect, it } from "vitest";
import { anArmed, apply, aSettle, aUse, execution, hash, START, TOKEN } from "../testing/session.builder.js";
import { decide } from "./decide.js";
import type { SessionCommand } from "./session-command.js";
import { isSession, type Session } from "./session-state.js";
import { usageLeft } from "./usage-left.js";

function run(...commands: readonly SessionCommand[]): Session {
  const state = commands.reduce((before, command) => apply(before, command).state, anArmed() as ReturnType<typeof apply>["state"]);
  if (!isSession(state)) throw new Error("no session");
  return state;
}
const left = (state: Session) => usageLeft(state, START + 110).tokens.find(({ token }) => token === TOKEN)?.left;
const operations = (state: Session) => usageLeft(state, START + 110).operationsLeft;

describe("settling an execution", () => {
  it("counts a mined one once, at the time of its block", () => {
    const state = run(aUse(1, { amount: 100n }), aSettle(1, "committed", { minedAt: START + 103 }));
    expect([left(state), operations(state), state.pending.size]).toEqual([1_900n, 9, 0]);
    expect(state.committed.operations).toEqual([BigInt(START + 103)]);
  });

  it.each(["reverted", "cancelled", "unsigned"] as const)("frees what a %s one held", (outcome) => {
    const state = run(aUse(1, { amount: 100n }), aSettle(1, outcome));
    expect([left(state), operations(state), state.pending.size]).toEqual([2_000n, 10, 0]);
  });

  it("frees an expired one only after its deadline", () => {
    const held = run(aUse(1));
    expect(decide(held, aSettle(1, "expired", { at: START + 200 }))).toMatchObject({ code: "CONFLICT" });
    expect(decide(held, aSettle(1, "expired", { at: START + 201 }))).toMatchObject({ kind: "events" });
  });

  it("holds a reorganised one again, and counts it once when it is mined again", () => {
    const mined = run(aUse(1, { amount: 100n }), aSettle(1, "committed"));
    const back = apply(mined, aSettle(1, "reorged")).state;
    if (!isSession(back)) throw new Error("no session");
    expect([left(back), operations(back), back.pending.has(execution(1))]).toEqual([1_900n, 9, true]);
    const again = apply(back, aSettle(1, "committed", { transactionHash: hash("ce") })).state;
    if (!isSession(again)) throw new Error("no session");
    expect([left(again), operations(again), again.pending.size]).toEqual([1_900n, 9, 0]);
  });

  it("says the same thing twice without a second event", () => {
    const mined = run(aUse(1), aSettle(1, "committed"));
    expect(apply(mined, aSettle(1, "committed")).events).toEqual([]);
    const freed = run(aUse(1), aSettle(1, "reverted"));
    expect(apply(freed, aSettle(1, "reverted")).events).toEqual([]);
    expect(apply(run(aUse(1)), aSettle(1, "reorged")).events).toEqual([]);
    expect(apply(freed, aSettle(1, "reorged")).events).toEqual([]);
  });

  it("refuses to commit one execution by two transactions, or to free what was mined", () => {
    const mined = run(aUse(1), aSettle(1, "committed"));
    expect(decide(mined, aSettle(1, "committed", { transactionHash: hash("ef") }))).toMatchObject({ code: "EXECUTION_FINAL" });
    expect(decide(mined, aSettle(1, "reverted"))).toMatchObject({ code: "EXECUTION_FINAL" });
    expect(decide(run(aUse(1), aSettle(1, "reverted")), aSettle(1, "cancelled"))).toMatchObject({ code: "EXECUTION_FINAL" });
  });

  it("counts spending that was mined although it had been freed: a wrong release hides nothing", () => {
    const state = run(aUse(1, { amount: 100n }), aSettle(1, "cancelled"), aSettle(1, "committed"));
    expect(left(state)).toBe(1_900n);
  });

  it("refuses a block from before the session, and an execution nobody reserved", () => {
    expect(decide(run(aUse(1)), aSettle(1, "committed", { minedAt: START - 1 }))).toMatchObject({ code: "VALIDATION_FAILED" });
    expect(decide(run(), aSettle(1, "committed"))).toMatchObject({ code: "NOT_FOUND" });
  });

  it("goes on after DISARM: the books are closed whatever became of the session", () => {
    const state = run(aUse(1), { kind: "disarm", reason: "", initiator: "", at: START + 101 }, aSettle(1, "committed"));
    expect([state.phase, state.pending.size, state.committed.operations.length]).toEqual(["disarmed", 0, 1]);
  });
});
