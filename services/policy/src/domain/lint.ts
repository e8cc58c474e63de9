import { zeroAddress } from "viem";
import type { PolicyDocument } from "#platform/session-policy/schema.js";

/** Something a careful owner would want to know before signing; `path` is the place in the document. */
export interface Warning {
  readonly rule: string;
  readonly path: string;
  readonly message: string;
  readonly value: string;
}

const LONG_SECONDS = 30 * 86_400;
const MANY_RECIPIENTS = 20;
/** A limit of a quarter of the type's range is no limit. */
const UNLIMITED = 2n ** 110n;

/** What is allowed but unwise in a document that parses. */
export function lintDocument(document: PolicyDocument): readonly Warning[] {
  return [...lintWindow(document), ...lintBudgets(document), ...lintRules(document)];
}

function* lintWindow({ notBefore, notAfter, rate, follow }: PolicyDocument): Generator<Warning> {
  if (rate.max === 0) {
    yield { rule: "no-count-limit", path: "rate.max", message: "0 means no limit on the number of operations", value: "0" };
  }
  if (notAfter - notBefore > LONG_SECONDS) {
    yield {
      rule: "long-validity",
      path: "notAfter",
      message: "the session lives longer than 30 days",
      value: String(notAfter - notBefore),
    };
  }
  if (follow) {
    yield {
      rule: "follows-registry",
      path: "follow",
      message: "rules added to the registry later apply with no new signature",
      value: "true",
    };
  }
}

function* lintBudgets({ budgets, rules }: PolicyDocument): Generator<Warning> {
  for (const [i, { token, perOp, perWindow }] of budgets.entries()) {
    const path = `budgets[${i}]`;
    if (BigInt(perWindow) >= UNLIMITED) {
      yield {
        rule: "unlimited-amount",
        path: `${path}.perWindow`,
        message: "the limit is so large that it limits nothing",
        value: perWindow,
      };
    }
    if (BigInt(perOp) > BigInt(perWindow)) {
      yield {
        rule: "per-op-above-window",
        path: `${path}.perOp`,
        message: "one operation can never use more than the window",
        value: perOp,
      };
    }
    const spent = rules.some(
      (rule) => rule.spends.some((spend) => spend.token === token) || (token === zeroAddress && rule.valueMax !== "0"),
    );
    if (!spent) yield { rule: "unused-budget", path: `${path}.token`, message: "no rule spends this token", value: token };
  }
}

function* lintRules({ budgets, rules }: PolicyDocument): Generator<Warning> {
  const budgeted = new Set<string>(budgets.map(({ token }) => token));
  for (const [i, rule] of rules.entries()) {
    const path = `rules[${i}]`;
    for (const { token } of rule.spends) {
      if (!budgeted.has(token)) {
        yield { rule: "no-budget", path: `${path}.spends`, message: "without a budget nothing of this token can be spent", value: token };
      }
    }
    if (rule.valueMax !== "0" && !budgeted.has(zeroAddress)) {
      yield {
        rule: "no-budget",
        path: `${path}.valueMax`,
        message: "without a budget of 0x0 no native value can be sent",
        value: rule.valueMax,
      };
    }
    if (rule.where === undefined) {
      yield {
        rule: "recipients-missing",
        path: `${path}.where`,
        message: "nothing bounds the arguments or names a recipient",
        value: rule.fn,
      };
    }
    if (rule.where?.op === "in" && rule.where.values.length > MANY_RECIPIENTS) {
      yield {
        rule: "many-recipients",
        path: `${path}.where`,
        message: "so many values are hard to check",
        value: String(rule.where.values.length),
      };
    }
    if (rule.spends.some(({ kind }) => kind === "approve")) {
      yield {
        rule: "approval",
        path: `${path}.spends`,
        message: "an approval counts against the budget a second time beside what is then pulled",
        value: rule.fn,
      };
    }
  }
}
