import { getAddress, type Hex } from "viem";
import { describe, expect, it } from "vitest";
import type { ParsedAction } from "#platform/intent/intent.js";
import {
  ACCOUNT,
  ALICE,
  BOB,
  depositRule,
  MODULE,
  transferRule,
  USDC,
  VAULT,
  VAULT_ADAPTER,
} from "#platform/session-policy/policy-document.builder.js";
import { enforce, explain } from "./evaluate.js";
import { call, erc20, question } from "./question.builder.js";

const one = (over: Parameters<typeof call>[0]): ParsedAction => ({ kind: "call", call: call(over) });
const reasons = (action: ParsedAction, document: Readonly<Record<string, unknown>> = {}) =>
  explain(question({}, document, action)).refusals;

describe("the reason of a refusal", () => {
  it("names the target that was called and those that may be", () => {
    expect(reasons(one({ to: getAddress(BOB) }))).toEqual([
      {
        code: "TARGET_NOT_ALLOWED",
        message: "no rule names the target",
        ruleId: "",
        path: "call.to",
        operator: "in",
        expected: USDC,
        actual: BOB,
      },
    ]);
  });

  it.each([
    ["a function nobody allowed", "0x095ea7b3" as Hex, "0x095ea7b3"],
    ["no function at all", "0x095ea7" as Hex, "no selector"],
  ])("names %s and those that may be", (_what, data, actual) => {
    expect(reasons(one({ data }))).toEqual([
      {
        code: "FUNCTION_NOT_ALLOWED",
        message: "no rule names the function",
        ruleId: "",
        path: "call.data",
        operator: "in",
        expected: "0xa9059cbb",
        actual,
      },
    ]);
  });

  it("names the form in which a function may be used", () => {
    const args = erc20("transfer", VAULT, 7n).replace("0xa9059cbb", "0x47e7ef24") as Hex;
    expect(reasons(one({ to: getAddress(VAULT_ADAPTER), data: args }), { rules: [depositRule()] })).toEqual([
      {
        code: "FUNCTION_NOT_ALLOWED",
        message: "the function is allowed only as an adapter operation",
        ruleId: "",
        path: "call",
        operator: "eq",
        expected: "an adapter operation",
        actual: "call",
      },
    ]);
    expect(reasons({ kind: "adapter", adapter: getAddress(USDC), args: call().data })).toMatchObject([
      { message: "the function is allowed only as a call", path: "adapter", expected: "a call", actual: "adapter" },
    ]);
  });

  it("names the recipient and those that may be, and the only rule it could have been", () => {
    expect(reasons(one({ data: erc20("transfer", BOB, 5n) }))).toEqual([
      {
        code: "RECIPIENT_NOT_ALLOWED",
        message: "no rule names the recipient",
        ruleId: "pay",
        path: "call.to",
        operator: "in",
        expected: ALICE,
        actual: BOB,
      },
    ]);
  });

  it("names the value and the rule's limit", () => {
    expect(reasons(one({ value: 3n }))[0]).toEqual({
      code: "VALUE_EXCEEDED",
      message: "the native value is above the rule's",
      ruleId: "pay",
      path: "call.value",
      operator: "lte",
      expected: "0",
      actual: "3",
    });
  });

  it.each([
    ["account", ACCOUNT],
    ["module", MODULE],
  ])("says that a session never calls its own %s, however the address is written", (_what, target) => {
    expect(reasons(one({ to: getAddress(target) }))).toContainEqual({
      code: "TARGET_NOT_ALLOWED",
      message: "a session never calls its own account or module",
      ruleId: "",
      path: "call.to",
      operator: "ne",
      expected: "neither the account nor the session module",
      actual: target,
    });
    expect(reasons(one({ to: getAddress(BOB) })).map(({ operator }) => operator)).not.toContain("ne");
  });

  it("is the first one only when a decision is enforced, and leaves the usage as it was", () => {
    const asked = question({}, {}, { kind: "batch", calls: [call({ to: getAddress(BOB) }), call({ to: getAddress(ALICE) })] });
    expect(explain(asked).refusals.map(({ path }) => path)).toEqual(["calls[0].to", "calls[1].to"]);
    expect(enforce(asked)).toMatchObject({ outcome: "deny", refusals: [{ path: "calls[0].to" }], usageAfter: asked.usage });
    expect(enforce(asked).refusals).toHaveLength(1);
  });
});

describe("a verdict", () => {
  it("denies whatever has a reason, though the budget would hold, and counts nothing then", () => {
    const asked = question({ conditions: ["DbDown"] });
    for (const { outcome, refusals, usageAfter } of [enforce(asked), explain(asked)]) {
      expect([outcome, refusals.map(({ code }) => code)]).toEqual(["deny", ["CONDITION"]]);
      expect(usageAfter).toBe(asked.usage);
    }
  });

  it("allows without a reason, and counts the operation", () => {
    const asked = question();
    for (const { outcome, refusals, usageAfter } of [enforce(asked), explain(asked)]) {
      expect([outcome, refusals]).toEqual(["allow", []]);
      expect(usageAfter).not.toEqual(asked.usage);
    }
  });

  it("gives one reason when it decides and every reason when it explains", () => {
    const asked = question({ conditions: ["DbDown"], at: question().at + 1_000n }, {}, one({ to: getAddress(BOB) }));
    expect(enforce(asked).refusals).toHaveLength(1);
    expect(explain(asked).refusals.map(({ code }) => code)).toEqual(["CONDITION", "EXPIRED", "TARGET_NOT_ALLOWED"]);
  });

  it("admits each of several recipients and nobody else", () => {
    const where = { op: "in", path: "to", values: [ALICE, BOB] };
    const document = { rules: [{ ...transferRule(), where }] };
    for (const to of [ALICE, BOB] as const) expect(reasons(one({ data: erc20("transfer", to, 5n) }), document)).toEqual([]);
    expect(reasons(one({ data: erc20("transfer", MODULE, 5n) }), document)).toMatchObject([
      { code: "RECIPIENT_NOT_ALLOWED", expected: `${ALICE}, ${BOB}`, actual: MODULE, path: "call.to" },
    ]);
  });
});
