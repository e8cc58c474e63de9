import { policyId } from "#platform/session-policy/onchain-policy.js";
import { checkPolicy } from "./check-policy.js";
import type { Question } from "./question.js";
import { type Refusal, refusal } from "./refusal.js";

/** Conditions, then policy and document against each other, chain and window: what can be said before looking at the action. */
export function* checkSession(question: Question): Generator<Refusal> {
  const { compiled, policy, intent, conditions, at } = question;
  for (const condition of conditions) {
    yield refusal("CONDITION", `${condition} forbids a USE now`, {
      path: "conditions",
      operator: "absent",
      expected: "none",
      actual: condition,
    });
  }
  yield* checkPolicy(compiled, policy);
  const id = policyId(policy);
  if (intent.policyId !== id) {
    yield refusal("INTENT_MISMATCH", "the intent is for another policy", {
      path: "intent.policyId",
      operator: "eq",
      expected: id,
      actual: intent.policyId,
    });
  }
  const chain = String(compiled.document.chainId);
  if (String(intent.chainId) !== chain) {
    yield refusal("CHAIN_MISMATCH", "the intent is for another chain", {
      path: "intent.chainId",
      operator: "eq",
      expected: chain,
      actual: String(intent.chainId),
    });
  }
  const { validAfter, validUntil } = policy;
  if (at < BigInt(validAfter)) {
    yield refusal("NOT_YET_VALID", "the session's window has not begun", {
      path: "at",
      operator: "gte",
      expected: String(validAfter),
      actual: String(at),
    });
  }
  if (at >= BigInt(validUntil)) {
    yield refusal("EXPIRED", "the session's window is over", {
      path: "at",
      operator: "lt",
      expected: String(validUntil),
      actual: String(at),
    });
  }
  if (at > intent.deadline) {
    yield refusal("EXPIRED", "the intent's deadline has passed", {
      path: "intent.deadline",
      operator: "gte",
      expected: String(at),
      actual: String(intent.deadline),
    });
  }
}
