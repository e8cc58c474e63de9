import { zeroAddress } from "viem";
import type { PolicyBudget, PolicyDocument, PolicyRule } from "./schema.js";

/** What the document allows, in plain English, one sentence per line; amounts stay in the smallest unit, because a decimal count cannot be trusted. */
export function summarise(document: PolicyDocument): string {
  const { rate, budgets } = document;
  return [
    `A session key may act for the account ${document.account} on chain ${document.chainId}.`,
    `It works from ${instant(document.notBefore)} until ${instant(document.notAfter)}.`,
    ...document.rules.map(ruleSentence),
    ...budgets.map(budgetSentence),
    budgets.length === 0 ? "It may spend no tokens and no native asset." : "Of any other token it may spend nothing.",
    rate.max === 0
      ? "There is no limit on the number of operations."
      : `It may make at most ${rate.max} operation${rate.max === 1 ? "" : "s"} in any ${duration(rate.windowSeconds)}.`,
    ...(document.maxSlippageBps === undefined
      ? []
      : [`A swap or order may be at most ${document.maxSlippageBps / 100} % worse than the price feed.`]),
    ...(document.follow ? ["Contracts added to the registry later may be used too."] : []),
    "Everything else is denied.",
  ].join("\n");
}

function ruleSentence(rule: PolicyRule): string {
  const value = rule.valueMax === "0" ? "" : ` with at most ${rule.valueMax} wei`;
  const where = rule.where === undefined ? "" : `, only where ${conditionText(rule.where)}`;
  return `It may call ${rule.fn} of ${rule.target} (${rule.protocol})${value}${where}.`;
}

function budgetSentence({ token, perOp, perWindow, windowSeconds }: PolicyBudget): string {
  const name = token === zeroAddress ? "the native asset (wei)" : `token ${token}`;
  return `Of ${name} it may spend at most ${perOp} in one operation and ${perWindow} in any ${duration(windowSeconds)}.`;
}

const WORDS = { eq: "is", ne: "is not", lt: "is below", lte: "is at most", gt: "is above", gte: "is at least" } as const;

function conditionText(condition: NonNullable<PolicyRule["where"]>): string {
  switch (condition.op) {
    case "and":
    case "or":
      return condition.of.length === 1
        ? condition.of.map(conditionText).join("")
        : `(${condition.of.map(conditionText).join(` ${condition.op} `)})`;
    case "not":
      return `not (${conditionText(condition.of)})`;
    case "in":
      return `${condition.path} is ${condition.values.length === 1 ? "" : "one of "}${condition.values.join(", ")}`;
    case "bitmask":
      return `${condition.path} masked with ${condition.mask} is ${condition.value}`;
    case "every":
      return `every element of ${condition.path} has (${conditionText(condition.of)})`;
    case "some":
      return `some element of ${condition.path} has (${conditionText(condition.of)})`;
    case "eqAccount":
      return `${condition.path} is the account itself`;
    default:
      return `${condition.path || "the element"} ${WORDS[condition.op]} ${condition.value}`;
  }
}

function instant(seconds: number): string {
  return seconds > 8_640_000_000_000 ? `second ${seconds}` : `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function duration(seconds: number): string {
  for (const [unit, length] of [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
  ] as const) {
    if (seconds % length === 0 && seconds >= length) return plural(seconds / length, unit);
  }
  return plural(seconds, "second");
}

function plural(count: number, unit: string): string {
  return count === 1 && unit === "day" ? "24 hours" : `${count} ${unit}${count === 1 ? "" : "s"}`;
}
