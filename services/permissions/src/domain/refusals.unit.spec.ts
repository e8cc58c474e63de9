import { describe, expect, it } from "vitest";
import { aDraft, anArm, anArmed, apply, aSettle, aUse, execution, hash, START, sessionAfter, TOKEN } from "../testing/session.builder.js";
import { decide } from "./decide.js";
import { livenessFault } from "./liveness.js";
import { reason } from "./reason.js";
import type { Use } from "./session-command.js";
import type { SessionState } from "./session-state.js";

const stop = { kind: "disarm", reason: "lost phone", initiator: "owner", at: START + 101 } as const;

/** The only reason of the denial of `command`. */
function denial(state: SessionState, command: Use) {
  const [event] = apply(state, command).events;
  if (event?.type !== "session.use.denied.v1") throw new Error("not denied");
  expect(event.data.reasons).toHaveLength(1);
  return event.data.reasons[0];
}

describe("the reason of a denied USE", () => {
  const late = String(START + 220);
  it.each<[string, Partial<Use> & { amount?: bigint }, ReturnType<typeof reason>]>([
    [
      "a condition",
      { conditions: ["SignerDown"] },
      reason("CONDITION", "SignerDown forbids a USE now", { path: "conditions", actual: "SignerDown" }),
    ],
    [
      "another chain",
      { chainId: "1" },
      reason("CHAIN_MISMATCH", "intent.chainId is not the session's", {
        path: "intent.chainId",
        operator: "eq",
        expected: "31337",
        actual: "1",
      }),
    ],
    [
      "a deadline too far away",
      { deadline: START + 221 },
      reason("DEADLINE_TOO_FAR", "the intent's deadline is too far away", {
        path: "intent.deadline",
        operator: "lte",
        expected: late,
        actual: String(START + 221),
      }),
    ],
    [
      "a deadline that has passed",
      { deadline: START + 100 },
      reason("EXPIRED", "the intent's deadline has passed", {
        path: "intent.deadline",
        operator: "gt",
        expected: String(START + 100),
        actual: String(START + 100),
      }),
    ],
    [
      "too much at once",
      { amount: 1_001n },
      reason("PER_OP_EXCEEDED", "the amount is above the limit of one operation", {
        path: `budgets.${TOKEN}.perOp`,
        operator: "lte",
        expected: "1000",
        actual: "1001",
      }),
    ],
  ])("says it all for %s", (_what, changes, expected) => {
    expect(denial(anArmed(), aUse(1, changes))).toEqual(expected);
  });

  it("says it all for a used nonce, a used up budget and a used up rate", () => {
    const used = apply(anArmed({ perPeriod: "1000" }), aUse(1, { amount: 600n })).state;
    expect(denial(used, aUse(2, { nonce: "1" }))).toEqual(
      reason("INTENT_REPLAYED", "the intent's nonce was authorised before", { path: "intent.nonce", actual: "1" }),
    );
    expect(denial(used, aUse(2, { amount: 401n }))).toEqual(
      reason("BUDGET_EXCEEDED", "the amount is above what is left, reservations included", {
        path: `budgets.${TOKEN}.perWindow`,
        operator: "lte",
        expected: "400",
        actual: "401",
      }),
    );
    const operation = { operations: 2, spends: [] };
    expect(denial(anArmed({ maxOps: 1 }), aUse(1, { operation }))).toEqual(
      reason("OP_RATE_EXCEEDED", "no operation is left; next at never", { path: "rate", operator: "lte", expected: "1", actual: "2" }),
    );
  });

  it("says it all for a token without a budget", () => {
    const token = `0x${"ff".repeat(20)}` as const;
    expect(denial(anArmed(), aUse(1, { operation: { operations: 1, spends: [{ token, amount: 3n }] } }))).toEqual(
      reason("TOKEN_NOT_IN_SCOPE", "the policy has no budget for this token", { path: `budgets.${token}`, actual: "3" }),
    );
  });

  it("leaves empty what is not known", () => {
    expect(reason("C", "m")).toEqual({ code: "C", message: "m", ruleId: "", path: "", operator: "", expected: "", actual: "" });
  });

  it("is written into the event with the conditions of the moment", () => {
    expect(apply(anArmed(), aUse(1, { conditions: ["SignerDown"] })).events).toMatchObject([{ data: { conditions: ["SignerDown"] } }]);
  });
});

describe("a session that may not be used", () => {
  const revoked = {
    kind: "revoke-externally",
    cause: "disarmed",
    detail: "",
    transactionHash: hash("01"),
    blockNumber: "1",
    logIndex: "0",
    observed: "",
    at: START + 20,
  } as const;
  it("says which of its ends it met", () => {
    const draft = sessionAfter(aDraft());
    const armed = anArmed({ lasts: 1_000 });
    const over = sessionAfter(aDraft({ lasts: 1_000 }), anArm(), { kind: "expire", at: START + 1_000 });
    expect([draft, sessionAfter(aDraft(), anArm(), stop), over].map((state) => livenessFault(state, START + 5))).toEqual([
      { code: "NOT_ARMED", message: "the owner's grant is not confirmed yet" },
      { code: "DISARMED", message: "the session was disarmed" },
      { code: "EXPIRED", message: "the session is over" },
    ]);
    expect(livenessFault(sessionAfter(aDraft(), anArm(), revoked), START + 30)).toEqual({
      code: "EXTERNALLY_REVOKED",
      message: "the session was revoked on chain",
    });
    expect(livenessFault(armed, START - 1)).toEqual({ code: "NOT_YET_VALID", message: `the session begins at ${START}` });
    expect(livenessFault(armed, START + 1_000)).toEqual({ code: "EXPIRED", message: `the session ended at ${START + 1_000}` });
  });

  it("raises the fence by one with every end", () => {
    const generationOf = (state: SessionState, command: Parameters<typeof apply>[1]) => apply(state, command).events[0]?.data;
    const armed = anArmed({ lasts: 1_000 });
    expect(generationOf(armed, stop)).toMatchObject({ generation: 2, phase: "disarmed", reason: "lost phone", initiator: "owner" });
    expect(generationOf(armed, { kind: "forfeit", reason: "r", initiator: "agent", at: START + 20 })).toMatchObject({ generation: 2 });
    expect(generationOf(armed, { kind: "expire", at: START + 1_000 })).toMatchObject({ generation: 2, validUntil: String(START + 1_000) });
    expect(generationOf(armed, revoked)).toMatchObject({ generation: 2, kind: "disarmed" });
  });
});

describe("a settlement that is refused", () => {
  const reserved = apply(anArmed(), aUse(1)).state;
  const mined = apply(reserved, aSettle(1, "committed")).state;
  const freed = apply(reserved, aSettle(1, "reverted")).state;
  it.each([
    ["NOT_FOUND", "no reservation stands for this execution", anArmed(), aSettle(1, "committed"), { executionId: execution(1) }],
    ["EXECUTION_FINAL", "the execution was committed", mined, aSettle(1, "reverted"), { outcome: "committed" }],
    ["EXECUTION_FINAL", "the execution was reverted", freed, aSettle(1, "cancelled"), { outcome: "reverted" }],
    [
      "EXECUTION_FINAL",
      "the execution was committed by another transaction",
      mined,
      aSettle(1, "committed", { transactionHash: hash("ef") }),
      { transactionHash: hash("cc") },
    ],
    [
      "VALIDATION_FAILED",
      "block_time: must not be before the session began",
      reserved,
      aSettle(1, "committed", { minedAt: START - 1 }),
      { field: "block_time", value: START - 1 },
    ],
    ["CONFLICT", "the intent's deadline has not passed", reserved, aSettle(1, "expired"), { deadline: String(START + 200) }],
    ["EXECUTION_FINAL", "the execution was committed", mined, aUse(1), { outcome: "committed" }],
    [
      "INTENT_MISMATCH",
      "the execution was decided with another intent",
      reserved,
      aUse(1, { digest: hash("ee") }),
      { executionId: execution(1) },
    ],
  ] as const)("says %s: %s", (code, message, state, command, details) => {
    expect(decide(state, command)).toMatchObject({ kind: "refused", code, message, details });
  });

  it("takes a block of the session's very first second, and frees an expired one after its deadline as expired", () => {
    expect(apply(reserved, aSettle(1, "committed", { minedAt: START })).events).toHaveLength(1);
    expect(apply(reserved, aSettle(1, "expired", { at: START + 201 })).events).toMatchObject([{ data: { outcome: "expired" } }]);
  });
});
