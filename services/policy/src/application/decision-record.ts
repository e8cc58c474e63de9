import type { Hex } from "viem";
import { usageToMessage } from "#platform/limits/usage-message.js";
import type { Reason } from "#proto/interlock/common/v1/common.js";
import type { DecisionRecord } from "#proto/interlock/policy/v1/policy.js";
import type { Verdict } from "../domain/evaluate.js";
import { EVALUATOR_VERSION } from "../domain/evaluator-version.js";
import type { Question } from "../domain/question.js";
import type { Refusal } from "../domain/refusal.js";

/** Whose decision it is, and over which bytes. */
export interface DecisionSubject {
  readonly decisionId: string;
  readonly executionId: string;
  readonly sessionId: string;
  /** EIP-712 digest of the intent. */
  readonly digest: Hex;
}

/** The record of a verdict: with the question it holds everything that is needed to replay it. */
export function decisionRecord(subject: DecisionSubject, question: Question, verdict: Verdict): DecisionRecord {
  return {
    ...subject,
    policyHash: question.compiled.policyHash,
    evaluatorVersion: EVALUATOR_VERSION,
    abiSetHash: question.compiled.abiSetHash,
    outcome: verdict.outcome,
    reasons: verdict.refusals.map(toReason),
    usageBefore: usageToMessage(question.usage),
    usageAfter: usageToMessage(verdict.usageAfter),
    conditions: [...question.conditions],
    at: String(question.at),
    spends: (verdict.operation?.spends ?? []).map(({ token, amount }) => ({ token, amount: String(amount) })),
    operations: verdict.operation?.operations ?? 0,
  };
}

/** Most characters of one text of a reason: documents may hold long lists. */
const MAX_TEXT = 500;

function toReason({ code, message, ruleId, path, operator, expected, actual }: Refusal): Reason {
  const cut = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}...` : text);
  return { code, message, ruleId, path, operator, expected: cut(expected), actual: cut(actual) };
}
