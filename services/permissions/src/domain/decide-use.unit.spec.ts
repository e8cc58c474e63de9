import { describe, expect, it } from "vitest";
import { aDraft, anArm, anArmed, apply, aSettle, aUse, execution, hash, START, sessionAfter, TOKEN } from "../testing/session.builder.js";
import { decide } from "./decide.js";
import type { Use } from "./session-command.js";
import { isSession, type SessionState } from "./session-state.js";

const typesOf = (state: SessionState, command: Use) => apply(state, command).events.map(({ type }) => type);
function reasonsOf(state: SessionState, command: Use) {
  const [event] = apply(state, command).events;
  return event?.type === "session.use.denied.v1" ? event.data.reasons.map(({ code, path }) => ({ code, path })) : [];
}
const codesOf = (state: SessionState, command: Use) => reasonsOf(state, command).map(({ code }) => code);

describe("a USE", () => {
  it("reserves what policy allows inside the limits, and says for whom, how much and until when", () => {
    const [event] = apply(anArmed(), aUse(1)).events;
    expect(event).toMatchObject({
      type: "session.use.authorized.v1",
      data: {
        executionId: execution(1),
        generation: 1,
        nonce: "1",
        deadline: START + 200,
        operations: 1,
        spends: [{ token: TOKEN, amount: "10" }],
        policyHash: hash("11"),
      },
    });
  });

  it.each([
    ["a draft", sessionAfter(aDraft()), START + 100, "NOT_ARMED"],
    ["a window not begun", anArmed(), START - 1, "NOT_YET_VALID"],
    ["a window that is over", anArmed({ lasts: 1_000 }), START + 1_000, "EXPIRED"],
    ["a DISARM", sessionAfter(aDraft(), anArm(), { kind: "disarm", reason: "r", initiator: "i", at: START + 20 }), START + 100, "DISARMED"],
    [
      "a FORFEIT",
      sessionAfter(aDraft(), anArm(), { kind: "forfeit", reason: "r", initiator: "i", at: START + 20 }),
      START + 100,
      "DISARMED",
    ],
  ])("is denied in %s", (_, state, at, code) => {
    expect(reasonsOf(state, aUse(1, { at }))).toEqual([{ code, path: "session" }]);
  });

  it("is allowed in the first and in the last second of the window", () => {
    expect(typesOf(anArmed({ lasts: 1_000 }), aUse(1, { at: START }))).toEqual(["session.use.authorized.v1"]);
    expect(typesOf(anArmed({ lasts: 1_000 }), aUse(1, { at: START + 999 }))).toEqual(["session.use.authorized.v1"]);
  });

  it("is denied under a condition, whatever policy says, and names it", () => {
    expect(reasonsOf(anArmed(), aUse(1, { conditions: ["SignerDown"] }))).toEqual([{ code: "CONDITION", path: "conditions" }]);
  });

  it.each([
    [{ chainId: "1" }, "CHAIN_MISMATCH", "intent.chainId"],
    [{ module: hash("01").slice(0, 42) }, "INTENT_MISMATCH", "intent.module"],
    [{ policyId: hash("23") }, "INTENT_MISMATCH", "intent.policyId"],
    [{ deadline: START + 100 }, "EXPIRED", "intent.deadline"],
    [{ deadline: START + 221 }, "DEADLINE_TOO_FAR", "intent.deadline"],
  ])("is denied for an intent with %o", (changes, code, path) => {
    expect(reasonsOf(anArmed(), aUse(1, changes))).toEqual([{ code, path }]);
  });

  it("may have a deadline 120 s away, and one second away", () => {
    expect(codesOf(anArmed(), aUse(1, { deadline: START + 220 }))).toEqual([]);
    expect(codesOf(anArmed(), aUse(1, { deadline: START + 101 }))).toEqual([]);
  });

  it("is denied when its nonce was authorised before for another execution", () => {
    const state = apply(anArmed(), aUse(1)).state;
    expect(reasonsOf(state, aUse(2, { nonce: "1" }))).toEqual([{ code: "INTENT_REPLAYED", path: "intent.nonce" }]);
  });

  it("carries policy's objections into the denial, before any limit is looked at", () => {
    const objection = {
      code: "RECIPIENT_NOT_ALLOWED",
      message: "m",
      ruleId: "pay",
      path: "to",
      operator: "in",
      expected: "e",
      actual: "a",
    };
    const [event] = apply(anArmed(), aUse(1, { objections: [objection], amount: 5_000n })).events;
    expect(event).toMatchObject({ type: "session.use.denied.v1", data: { reasons: [objection], conditions: [] } });
  });

  it("is denied above the limit of one operation, above the budget, and for a token without one", () => {
    expect(codesOf(anArmed(), aUse(1, { amount: 1_001n }))).toEqual(["PER_OP_EXCEEDED"]);
    expect(codesOf(anArmed(), aUse(1, { amount: 2_001n }))).toEqual(["PER_OP_EXCEEDED", "BUDGET_EXCEEDED"]);
    const stranger = { operations: 1, spends: [{ token: `0x${"ff".repeat(20)}` as const, amount: 1n }] };
    expect(codesOf(anArmed(), aUse(1, { operation: stranger }))).toEqual(["TOKEN_NOT_IN_SCOPE"]);
  });

  it("says of the rate what is left, what was asked, and when the next may come", () => {
    let state: SessionState = anArmed({ maxOps: 1 });
    state = apply(state, aUse(1)).state;
    const [event] = apply(state, aUse(2)).events;
    const reason = event?.type === "session.use.denied.v1" ? event.data.reasons[0] : undefined;
    expect(reason).toMatchObject({
      code: "OP_RATE_EXCEEDED",
      path: "rate",
      expected: "0",
      actual: "1",
      message: expect.stringContaining(String(START + 200 + 86_400)),
    });
  });

  it("asked again for the same intent reserves nothing more", () => {
    const state = apply(anArmed(), aUse(1)).state;
    expect(apply(state, aUse(1)).events).toEqual([]);
  });

  it("asked again with another intent is refused, reserved or denied", () => {
    const other = { digest: hash("ee") };
    expect(decide(apply(anArmed(), aUse(1)).state, aUse(1, other))).toMatchObject({ code: "INTENT_MISMATCH" });
    expect(decide(apply(anArmed(), aUse(1, { amount: 9_999n })).state, aUse(1, other))).toMatchObject({ code: "INTENT_MISMATCH" });
  });

  it("once denied stays denied with the same answer and no second event", () => {
    const state = apply(anArmed(), aUse(1, { conditions: ["SignerDown"] })).state;
    expect(apply(state, aUse(1)).events).toEqual([]);
  });

  it("of a settled execution is final", () => {
    const state = apply(apply(anArmed(), aUse(1)).state, aSettle(1, "committed")).state;
    expect(decide(state, aUse(1))).toMatchObject({ kind: "refused", code: "EXECUTION_FINAL" });
  });

  it("asked again after DISARM, or after its own deadline, is denied although its reservation stands", () => {
    const reserved = apply(anArmed(), aUse(1)).state;
    const stopped = apply(reserved, { kind: "disarm", reason: "", initiator: "", at: START + 101 }).state;
    expect(codesOf(stopped, aUse(1))).toEqual(["DISARMED"]);
    expect(codesOf(reserved, aUse(1, { at: START + 200, deadline: START + 200 }))).toEqual(["EXPIRED"]);
    const denied = apply(stopped, aUse(1)).state;
    expect(isSession(denied) && denied.pending.has(execution(1))).toBe(true);
    expect(apply(denied, aUse(1)).events).toEqual([]);
  });

  it("of a session that does not exist is NOT_FOUND", () => {
    expect(decide({ phase: "none" }, aUse(1))).toMatchObject({ kind: "refused", code: "NOT_FOUND" });
  });
});
