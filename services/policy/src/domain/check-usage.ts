import type { Operation } from "#platform/limits/limits.js";
import type { LimitsState } from "#platform/limits/limits-state.js";
import { type LimitRefusal, reserve } from "#platform/limits/reserve.js";
import { limitsOf, type Question } from "./question.js";
import { type Refusal, refusal } from "./refusal.js";

/** Rate and budgets by the chain's own formula; returns the usage with the operation counted, or undefined when it does not fit. */
export function* checkUsage({ policy, usage, at }: Question, operation: Operation): Generator<Refusal, LimitsState | undefined> {
  const reservation = reserve(limitsOf(policy), usage, operation, at);
  if (reservation.ok) return reservation.state;
  for (const refused of reservation.refusals) yield explained(refused);
  return undefined;
}

function explained(refused: LimitRefusal): Refusal {
  const actual = String(refused.asked);
  switch (refused.code) {
    case "OP_RATE_EXCEEDED": {
      const next = refused.nextAt === undefined ? "never together" : `again at ${refused.nextAt}`;
      return refusal(refused.code, `the rate window admits ${refused.left} now, ${next}`, {
        path: "operations",
        operator: "lte",
        expected: String(refused.left),
        actual,
      });
    }
    case "TOKEN_NOT_IN_SCOPE":
      return refusal(refused.code, "no budget names the token", {
        path: refused.token,
        operator: "in",
        expected: "a token with a budget",
        actual,
      });
    case "PER_OP_EXCEEDED":
      return refusal(refused.code, "the amount is above the limit of one operation", {
        path: refused.token,
        operator: "lte",
        expected: String(refused.limit),
        actual,
      });
    case "BUDGET_EXCEEDED":
      return refusal(refused.code, "the amount is above what is left of the budget", {
        path: refused.token,
        operator: "lte",
        expected: String(refused.left),
        actual,
      });
  }
}
