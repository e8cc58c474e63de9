import { describe, expect, it } from "vitest";
import {
  ALICE,
  depositRule,
  NOT_BEFORE,
  policyDocument,
  transferRule,
  USDC,
  VAULT,
} from "#platform/session-policy/policy-document.builder.js";
import { lintDocument } from "./lint.js";

const NATIVE = "0x0000000000000000000000000000000000000000";
const warnings = (over: Readonly<Record<string, unknown>> = {}) =>
  lintDocument(policyDocument(over)).map(({ rule, path }) => `${rule} ${path}`);
const budget = (over: Readonly<Record<string, unknown>> = {}) => ({ token: USDC, perOp: "1", perWindow: "2", windowSeconds: 60, ...over });
const poke = { id: "poke", protocol: "other", target: VAULT, fn: "poke(uint256 n)", where: { op: "lt", path: "n", value: "3" } };
const many = (count: number) => ({
  op: "in",
  path: "to",
  values: Array.from({ length: count }, (_, i) => `0x${(i + 1).toString(16).padStart(40, "0")}`),
});

describe("a careful document", () => {
  it("has no warnings", () => {
    expect(warnings()).toEqual([]);
    expect(warnings({ rules: [transferRule({ where: many(20) }), depositRule()] })).toEqual([]);
    expect(warnings({ rules: [{ ...poke, valueMax: "1" }], budgets: [budget({ token: NATIVE })] })).toEqual([]);
    expect(warnings({ budgets: [budget({ perWindow: String(2n ** 110n - 1n) })] })).toEqual([]);
    expect(warnings({ budgets: [budget({ perOp: "2" })] })).toEqual([]);
  });
});

describe("a careless document is warned about", () => {
  it.each([
    ["no count limit", { rate: { max: 0, windowSeconds: 1 } }, "no-count-limit rate.max"],
    ["a long life", { notAfter: NOT_BEFORE + 30 * 86_400 + 1 }, "long-validity notAfter"],
    ["following the registry", { follow: true }, "follows-registry follow"],
    ["an unlimited amount", { budgets: [budget({ perWindow: String(2n ** 110n) })] }, "unlimited-amount budgets[0].perWindow"],
    ["an operation above the window", { budgets: [budget({ perOp: "3" })] }, "per-op-above-window budgets[0].perOp"],
    ["a budget nobody spends", { budgets: [budget(), budget({ token: ALICE })] }, "unused-budget budgets[1].token"],
    ["a native budget nobody spends", { budgets: [budget(), budget({ token: NATIVE })] }, "unused-budget budgets[1].token"],
    ["spending without a budget", { budgets: [] }, "no-budget rules[0].spends"],
    ["value without a budget", { rules: [{ ...poke, valueMax: "1" }], budgets: [] }, "no-budget rules[0].valueMax"],
    ["unbounded arguments", { rules: [{ ...poke, where: undefined }], budgets: [] }, "recipients-missing rules[0].where"],
    ["too many recipients", { rules: [transferRule({ where: many(21) })] }, "many-recipients rules[0].where"],
    [
      "approvals",
      { rules: [transferRule({ fn: "approve(address to,uint256 amount)", spends: [{ token: USDC, path: "amount", kind: "approve" }] })] },
      "approval rules[0].spends",
    ],
  ])("%s", (_what, over, warning) => {
    expect(warnings(over)).toEqual([warning]);
  });
  it("with the value it has", () => {
    expect(lintDocument(policyDocument({ notAfter: NOT_BEFORE + 31 * 86_400 }))[0]?.value).toBe(String(31 * 86_400));
  });
});
