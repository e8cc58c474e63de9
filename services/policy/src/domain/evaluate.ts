import type { Operation } from "#platform/limits/limits.js";
import type { LimitsState } from "#platform/limits/limits-state.js";
import { checkSession } from "./check-session.js";
import { checkUsage } from "./check-usage.js";
import { judgeAction } from "./judge-action.js";
import type { Question } from "./question.js";
import type { Refusal } from "./refusal.js";

/** The answer to a question. Denied unless every check passed. */
export interface Verdict {
  readonly outcome: "allow" | "deny";
  readonly refusals: readonly Refusal[];
  /** What the action costs, as far as it could be read. */
  readonly operation: Operation | undefined;
  /** The usage as it is after an allowed action; as it was after a denied one. */
  readonly usageAfter: LimitsState;
}

interface Findings {
  readonly operation: Operation | undefined;
  readonly usageAfter: LimitsState | undefined;
}

/** Judges and stops at the first refusal: cheap checks first, fail closed. */
export function enforce(question: Question): Verdict {
  return verdict(question, 1);
}

/** Judges everything and returns every refusal; for people and dry runs. */
export function explain(question: Question): Verdict {
  return verdict(question, Number.POSITIVE_INFINITY);
}

function verdict(question: Question, most: number): Verdict {
  const refusals: Refusal[] = [];
  const checks = findings(question);
  let step = checks.next();
  while (!step.done && refusals.length < most) {
    refusals.push(step.value);
    if (refusals.length < most) step = checks.next();
  }
  const found = step.done ? step.value : { operation: undefined, usageAfter: undefined };
  const allowed = refusals.length === 0 && found.usageAfter !== undefined;
  return {
    outcome: allowed ? "allow" : "deny",
    refusals,
    operation: found.operation,
    usageAfter: allowed && found.usageAfter !== undefined ? found.usageAfter : question.usage,
  };
}

function* findings(question: Question): Generator<Refusal, Findings> {
  yield* checkSession(question);
  const operation = yield* judgeAction(question.compiled, question.intent);
  const { at, policy } = question;
  // Before validAfter, or with a window of 0, the chain's formula has no meaning; both were refused above.
  if (operation === undefined || at < BigInt(policy.validAfter) || policy.budgetWindow === 0) return { operation, usageAfter: undefined };
  return { operation, usageAfter: yield* checkUsage(question, operation) };
}
