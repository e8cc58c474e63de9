import { getAddress, type Hex } from "viem";
import { describe, expect, it } from "vitest";
import type { ParsedAction } from "#platform/intent/intent.js";
import {
  ACCOUNT,
  ALICE,
  BOB,
  depositRule,
  MODULE,
  NOT_BEFORE,
  transferRule,
  USDC,
  VAULT,
  VAULT_ADAPTER,
} from "#platform/session-policy/policy-document.builder.js";
import { enforce, explain } from "./evaluate.js";
import { call, erc20, question } from "./question.builder.js";

const one = (over: Parameters<typeof call>[0]): ParsedAction => ({ kind: "call", call: call(over) });
const codes = (asked: ReturnType<typeof question>): string[] => explain(asked).refusals.map(({ code }) => code);
const at = BigInt(NOT_BEFORE);

describe("an action inside the policy", () => {
  it("is allowed, and counted in the usage after it", () => {
    const verdict = enforce(question());
    expect(verdict).toMatchObject({ outcome: "allow", refusals: [], operation: { operations: 1, spends: [{ token: USDC, amount: 5n }] } });
    expect(verdict.usageAfter.operations).toEqual([at]);
    expect(verdict.usageAfter.budgets.get(USDC)).toEqual({ index: 0n, previous: 0n, current: 5n });
  });
  it("is allowed as a batch, each call an operation", () => {
    const verdict = enforce(question({}, {}, { kind: "batch", calls: [call(), call()] }));
    expect(verdict).toMatchObject({ outcome: "allow", operation: { operations: 2 } });
    expect(verdict.usageAfter.budgets.get(USDC)?.current).toBe(10n);
  });
  it("is allowed as an adapter's operation", () => {
    const args = erc20("transfer", VAULT, 7n).replace("0xa9059cbb", "0x47e7ef24") as Hex;
    const action: ParsedAction = { kind: "adapter", adapter: getAddress(VAULT_ADAPTER), args };
    expect(enforce(question({}, { rules: [depositRule()] }, action)).operation?.spends).toEqual([{ token: USDC, amount: 7n }]);
    expect(codes(question({}, { rules: [depositRule()] }, one({ to: getAddress(VAULT_ADAPTER), data: args })))).toEqual([
      "FUNCTION_NOT_ALLOWED",
    ]);
    expect(codes(question({}, {}, { kind: "adapter", adapter: getAddress(USDC), args: call().data }))).toEqual(["FUNCTION_NOT_ALLOWED"]);
  });
});

describe("default deny", () => {
  it.each<[string, ParsedAction, string, string]>([
    ["a target no rule names", one({ to: getAddress(BOB) }), "TARGET_NOT_ALLOWED", "call.to"],
    ["a function no rule names", one({ data: "0xdeadbeef" }), "FUNCTION_NOT_ALLOWED", "call.data"],
    ["no function at all", one({ data: "0x" }), "FUNCTION_NOT_ALLOWED", "call.data"],
    ["a recipient no rule names", one({ data: erc20("transfer", BOB, 5n) }), "RECIPIENT_NOT_ALLOWED", "call.to"],
    [
      "dirty bits above an address",
      one({ data: `${call().data.slice(0, 10)}01${call().data.slice(12)}` as Hex }),
      "NON_CANONICAL",
      "call.data",
    ],
    ["trailing bytes", one({ data: `${call().data}00` }), "NON_CANONICAL", "call.data"],
    ["missing bytes", one({ data: call().data.slice(0, -2) as Hex }), "NON_CANONICAL", "call.data"],
    ["native value", one({ value: 1n }), "VALUE_EXCEEDED", "call.value"],
  ])("refuses %s", (_what, action, code, path) => {
    expect(enforce(question({}, {}, action))).toMatchObject({ outcome: "deny", refusals: [{ code, path }] });
  });
  it.each([ACCOUNT, MODULE])("refuses the account and the module as target (%s)", (target) => {
    expect(codes(question({}, {}, one({ to: getAddress(target) })))).toContain("TARGET_NOT_ALLOWED");
  });
  it("refuses a whole batch for one call", () => {
    const verdict = enforce(question({}, {}, { kind: "batch", calls: [call(), call({ to: getAddress(BOB) })] }));
    expect(verdict).toMatchObject({
      outcome: "deny",
      refusals: [{ code: "TARGET_NOT_ALLOWED", path: "calls[1].to" }],
      operation: undefined,
    });
  });
  it("refuses an approval outside a batch and counts it inside one", () => {
    const rule = {
      ...transferRule(),
      id: "allow",
      fn: "approve(address to,uint256 amount)",
      spends: [{ token: USDC, path: "amount", kind: "approve" }],
    };
    const approval = call({ data: erc20("approve", ALICE, 9n) });
    expect(codes(question({}, { rules: [rule] }, { kind: "call", call: approval }))).toEqual(["FUNCTION_NOT_ALLOWED"]);
    const verdict = enforce(question({}, { rules: [rule] }, { kind: "batch", calls: [approval] }));
    expect(verdict).toMatchObject({ outcome: "allow", operation: { spends: [{ amount: 9n }] } });
  });
});

describe("a rule's own test", () => {
  const where = {
    op: "and",
    of: [
      { op: "eq", path: "to", value: ALICE },
      { op: "lte", path: "amount", value: "4" },
    ],
  };
  it("refuses naming rule, argument, operator, expected and actual", () => {
    expect(enforce(question({}, { rules: [transferRule({ where })] })).refusals).toEqual([
      {
        code: "ARGUMENT_REFUSED",
        message: "amount must pass lte",
        ruleId: "pay",
        path: "amount",
        operator: "lte",
        expected: "4",
        actual: "5",
      },
    ]);
  });
  it("is that of the rule that names the recipient", () => {
    const rules = [
      transferRule(),
      transferRule({
        id: "tip",
        where: {
          op: "and",
          of: [
            { op: "eq", path: "to", value: BOB },
            { op: "lt", path: "amount", value: "5" },
          ],
        },
      }),
    ];
    expect(codes(question({}, { rules }))).toEqual([]);
    expect(explain(question({}, { rules }, one({ data: erc20("transfer", BOB, 5n) }))).refusals).toMatchObject([{ ruleId: "tip" }]);
    const stranger = explain(question({}, { rules }, one({ data: erc20("transfer", VAULT, 5n) }))).refusals;
    expect(stranger).toMatchObject([{ code: "RECIPIENT_NOT_ALLOWED", ruleId: "", expected: `${ALICE}, ${BOB}`, actual: VAULT }]);
  });
});

describe("native value", () => {
  const poke = { id: "poke", protocol: "other", target: VAULT, fn: "poke()", valueMax: "7" };
  const native = { token: "0x0000000000000000000000000000000000000000", perOp: "6", perWindow: "100", windowSeconds: 60 };
  const asked = (value: bigint) =>
    question({}, { rules: [poke], budgets: [native] }, one({ to: getAddress(VAULT), data: "0x18178358", value }));
  it("counts against the budget of token 0x0", () => {
    expect(enforce(asked(6n))).toMatchObject({ outcome: "allow", operation: { spends: [{ amount: 6n }] } });
    expect(codes(asked(7n))).toEqual(["PER_OP_EXCEEDED"]);
  });
  it("is bounded by the rule too", () => {
    expect(codes(asked(8n))).toEqual(["VALUE_EXCEEDED", "PER_OP_EXCEEDED"]);
  });
});

describe("time", () => {
  const end = at + 30n * 86_400n;
  it.each([
    [at - 1n, ["NOT_YET_VALID"]],
    [at, []],
    [at + 1n, []],
    [end - 1n, []],
    [end, ["EXPIRED"]],
    [end + 1n, ["EXPIRED"]],
  ])("at %s gives %j", (now, expected) => {
    const asked = question({ at: now });
    expect(codes({ ...asked, intent: { ...asked.intent, deadline: now + 1n } })).toEqual(expected);
  });
  it.each([
    [-1n, ["EXPIRED"]],
    [0n, []],
    [1n, []],
  ])("refuses an intent whose deadline has passed (%s s left)", (left, expected) => {
    const asked = question();
    expect(codes({ ...asked, intent: { ...asked.intent, deadline: asked.at + left } })).toEqual(expected);
  });
});

describe("usage", () => {
  const budget = (current: bigint) => ({ budgets: new Map([[USDC, { index: 0n, previous: 0n, current }]]), operations: [] });
  it.each([
    [1_999_999_995n, []],
    [1_999_999_996n, ["BUDGET_EXCEEDED"]],
  ])("with %s spent gives %j for 5 more of 2,000,000,000", (spent, expected) => {
    expect(codes(question({ usage: budget(spent) }))).toEqual(expected);
  });
  it("refuses the eleventh operation of ten, and says when the next may come", () => {
    const operations = Array.from({ length: 10 }, () => at);
    const refused = explain(question({ at: at + 86_399n, usage: { budgets: new Map(), operations } }));
    expect(refused.refusals.map(({ code }) => code)).toContain("OP_RATE_EXCEEDED");
    expect(refused.refusals.find(({ code }) => code === "OP_RATE_EXCEEDED")).toMatchObject({
      message: `the rate window admits 0 now, again at ${at + 86_400n}`,
      path: "operations",
      operator: "lte",
      expected: "0",
      actual: "1",
    });
    const later = question({ at: at + 86_400n, usage: { budgets: new Map(), operations } });
    expect(codes({ ...later, intent: { ...later.intent, deadline: later.at } })).toEqual([]);
  });
  it("refuses a batch that can never fit the rate", () => {
    const asked = question({}, { rate: { max: 1, windowSeconds: 60 } }, { kind: "batch", calls: [call(), call()] });
    expect(explain(asked).refusals).toMatchObject([
      { code: "OP_RATE_EXCEEDED", message: "the rate window admits 1 now, never together", expected: "1", actual: "2" },
    ]);
  });
  it("refuses an amount above the limit of one operation", () => {
    const asked = question({}, {}, one({ data: erc20("transfer", ALICE, 500_000_001n) }));
    expect(explain(asked).refusals).toMatchObject([
      { code: "PER_OP_EXCEEDED", path: USDC, operator: "lte", expected: "500000000", actual: "500000001" },
    ]);
  });
  it("refuses a token that has no budget", () => {
    expect(explain(question({}, { budgets: [] })).refusals).toMatchObject([
      { code: "TOKEN_NOT_IN_SCOPE", path: USDC, operator: "in", actual: "5" },
    ]);
  });
  it("says what is left of a budget", () => {
    expect(explain(question({ usage: budget(1_999_999_999n) })).refusals).toMatchObject([
      { code: "BUDGET_EXCEEDED", path: USDC, operator: "lte", expected: "1", actual: "5" },
    ]);
  });
});

describe("enforce and explain", () => {
  const wrong = question({ conditions: ["DbDown"], at: at + 31n * 86_400n }, {}, one({ to: getAddress(BOB) }));
  it("stop at the first refusal, and find every one", () => {
    expect(enforce(wrong).refusals.map(({ code }) => code)).toEqual(["CONDITION"]);
    expect(codes(wrong)).toEqual(["CONDITION", "EXPIRED", "EXPIRED", "TARGET_NOT_ALLOWED"]);
  });
  it("leave the usage as it was when they deny", () => {
    expect(enforce(wrong).usageAfter).toBe(wrong.usage);
    expect(explain(wrong)).toMatchObject({ outcome: "deny", operation: undefined });
  });
  it("name every condition that forbids", () => {
    expect(explain(question({ conditions: ["DbDown", "RpcDegraded"] })).refusals).toMatchObject([
      { code: "CONDITION", message: "DbDown forbids a USE now", path: "conditions", actual: "DbDown" },
      { code: "CONDITION", actual: "RpcDegraded" },
    ]);
  });
});
