import type { OnchainPolicyStruct } from "#platform/session-policy/onchain-policy.js";
import type { CompiledDocument } from "./compiled-document.js";
import { type Refusal, refusal } from "./refusal.js";

/** Every field of the struct that the document decides: a struct wider than its document is refused, whoever sent it. */
export function* checkPolicy(compiled: CompiledDocument, policy: OnchainPolicyStruct): Generator<Refusal> {
  const { document, policyHash, scopeRoot } = compiled;
  if (policy.policyHash !== policyHash) {
    yield refusal("POLICY_HASH_MISMATCH", "the document is not the one the policy commits to", {
      path: "policy.policyHash",
      operator: "eq",
      expected: policyHash,
      actual: policy.policyHash,
    });
  }
  const fields: readonly (readonly [name: string, expected: string, actual: string])[] = [
    ["safe", document.account, policy.safe.toLowerCase()],
    ["validAfter", String(document.notBefore), String(policy.validAfter)],
    ["validUntil", String(document.notAfter), String(policy.validUntil)],
    ["maxOps", String(document.rate.max), String(policy.maxOps)],
    ["rateWindow", String(document.rate.windowSeconds), String(policy.rateWindow)],
    ["budgetWindow", String(document.budgets[0]?.windowSeconds ?? policy.budgetWindow), String(policy.budgetWindow)],
    ["scopeRoot", scopeRoot, policy.scopeRoot],
    ["limits", documentLimits(document.budgets), policyLimits(policy)],
  ];
  for (const [name, expected, actual] of fields) {
    if (expected === actual) continue;
    yield refusal("POLICY_MISMATCH", `the policy's ${name} is not the document's`, {
      path: `policy.${name}`,
      operator: "eq",
      expected,
      actual,
    });
  }
  if (policy.budgetWindow === 0) {
    yield refusal("POLICY_MISMATCH", "the policy's budget window is 0", {
      path: "policy.budgetWindow",
      operator: "gt",
      expected: "0",
      actual: "0",
    });
  }
}

function documentLimits(budgets: CompiledDocument["document"]["budgets"]): string {
  return budgets.map(({ token, perOp, perWindow }) => `${token}:${perOp}:${perWindow}`).join(" ");
}

function policyLimits({ limits }: OnchainPolicyStruct): string {
  return limits.map(({ token, perOp, perPeriod }) => `${token.toLowerCase()}:${perOp}:${perPeriod}`).join(" ");
}
