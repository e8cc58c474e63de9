import { getAddress, zeroHash } from "viem";
import { describe, expect, it } from "vitest";
import type { OnchainPolicyStruct } from "#platform/session-policy/onchain-policy.js";
import { policyId } from "#platform/session-policy/onchain-policy.js";
import { BOB, USDC } from "#platform/session-policy/policy-document.builder.js";
import { enforce, explain } from "./evaluate.js";
import { question } from "./question.builder.js";

/** The same question under a struct that was tampered with, whose id the intent names. */
function under(over: Partial<OnchainPolicyStruct>) {
  const asked = question();
  const policy = { ...asked.policy, ...over };
  return { ...asked, policy, intent: { ...asked.intent, policyId: policyId(policy) } };
}

describe("a struct that is not the document's", () => {
  it.each<[string, Partial<OnchainPolicyStruct>, string]>([
    ["another account", { safe: getAddress(BOB) }, "policy.safe"],
    ["an earlier beginning", { validAfter: 1 }, "policy.validAfter"],
    ["a later end", { validUntil: 2 ** 40 - 1 }, "policy.validUntil"],
    ["no count limit", { maxOps: 0 }, "policy.maxOps"],
    ["a shorter rate window", { rateWindow: 1 }, "policy.rateWindow"],
    ["a shorter budget window", { budgetWindow: 1 }, "policy.budgetWindow"],
    ["no scope", { scopeRoot: zeroHash }, "policy.scopeRoot"],
    ["a wider limit", { limits: [{ token: USDC, perOp: 500_000_000n, perPeriod: 2_000_000_001n }] }, "policy.limits"],
    ["a wider limit of one operation", { limits: [{ token: USDC, perOp: 500_000_001n, perPeriod: 2_000_000_000n }] }, "policy.limits"],
    [
      "one more token",
      {
        limits: [
          { token: USDC, perOp: 500_000_000n, perPeriod: 2_000_000_000n },
          { token: BOB, perOp: 1n, perPeriod: 1n },
        ],
      },
      "policy.limits",
    ],
  ])("is refused for %s", (_what, over, path) => {
    expect(enforce(under(over)).refusals).toMatchObject([{ code: "POLICY_MISMATCH", path, operator: "eq" }]);
  });
  it("is refused when it commits to another document", () => {
    expect(enforce(under({ policyHash: zeroHash })).refusals).toMatchObject([
      { code: "POLICY_HASH_MISMATCH", path: "policy.policyHash", actual: zeroHash },
    ]);
  });
  it("is refused with a budget window of 0, without dividing by it", () => {
    const asked = question({}, { budgets: [] });
    const policy = { ...asked.policy, budgetWindow: 0 };
    expect(explain({ ...asked, policy }).refusals).toContainEqual(
      expect.objectContaining({ code: "POLICY_MISMATCH", path: "policy.budgetWindow" }),
    );
  });
  it("may be written in another case", () => {
    expect(enforce(under({ limits: [{ token: getAddress(USDC), perOp: 500_000_000n, perPeriod: 2_000_000_000n }] })).outcome).toBe("allow");
  });
});

describe("an intent", () => {
  it("must be for this policy", () => {
    const asked = question();
    expect(enforce({ ...asked, intent: { ...asked.intent, policyId: zeroHash } }).refusals).toMatchObject([
      { code: "INTENT_MISMATCH", path: "intent.policyId", actual: zeroHash },
    ]);
  });
  it("must be for this chain", () => {
    const asked = question();
    expect(enforce({ ...asked, intent: { ...asked.intent, chainId: 1n } }).refusals).toMatchObject([
      { code: "CHAIN_MISMATCH", path: "intent.chainId", expected: "31337", actual: "1" },
    ]);
  });
});
