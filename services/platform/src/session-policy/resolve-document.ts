import { type Hex, toFunctionSignature, zeroAddress } from "viem";
import type { DocumentProblem } from "./problem.js";
import { type ResolvedRule, resolveRule } from "./resolve-rule.js";
import { MAX_VALIDITY_SECONDS, type PolicyDocument } from "./schema.js";

/** What of (target, selector, recipient) a scope leaf commits to; recipient 0 when the function has none. */
export interface ScopeLeaf {
  readonly target: Hex;
  readonly selector: Hex;
  readonly recipient: Hex;
}

/** The scope leaves of one rule: one per recipient it admits. */
export function leavesOf(resolved: ResolvedRule): ScopeLeaf[] {
  const { rule, selector, recipient } = resolved;
  return (recipient?.allowed ?? [zeroAddress]).map((allowed) => ({ target: rule.target, selector, recipient: allowed }));
}

/** One text per leaf, for sets and maps. */
export function leafKey({ target, selector, recipient }: ScopeLeaf): string {
  return `${target}:${selector}:${recipient}`.toLowerCase();
}

/** Every rule understood; `problems` is extended with whatever a shape cannot say. */
export function resolveDocument(document: PolicyDocument, problems: DocumentProblem[]): readonly ResolvedRule[] {
  checkWindow(document, problems);
  checkBudgets(document, problems);
  const rules = document.rules.flatMap((rule, i) => resolveRule(rule, document.account, `rules[${i}]`, problems) ?? []);
  checkRuleIds(document, problems);
  checkDisjoint(rules, problems);
  return rules;
}

function checkWindow({ notBefore, notAfter }: PolicyDocument, problems: DocumentProblem[]): void {
  const length = notAfter - notBefore;
  if (length <= 0) problems.push({ path: "notAfter", rule: "must be after notBefore", value: String(notAfter) });
  if (length > MAX_VALIDITY_SECONDS)
    problems.push({ path: "notAfter", rule: "must be at most 365 days after notBefore", value: String(notAfter) });
}

function checkBudgets({ budgets }: PolicyDocument, problems: DocumentProblem[]): void {
  for (const [i, budget] of budgets.entries()) {
    if (budgets.findIndex(({ token }) => token === budget.token) < i) {
      problems.push({ path: `budgets[${i}].token`, rule: "must not be given twice", value: budget.token });
    }
    if (budget.windowSeconds !== budgets[0]?.windowSeconds) {
      const value = String(budget.windowSeconds);
      problems.push({ path: `budgets[${i}].windowSeconds`, rule: "must be the same in every budget", value });
    }
  }
}

function checkRuleIds({ rules }: PolicyDocument, problems: DocumentProblem[]): void {
  for (const [i, { id }] of rules.entries()) {
    if (rules.findIndex((other) => other.id === id) < i)
      problems.push({ path: `rules[${i}].id`, rule: "must not be given twice", value: id });
  }
}

/** Each (target, function, recipient) belongs to one rule, so that there is never a choice of rules to argue about. */
function checkDisjoint(rules: readonly ResolvedRule[], problems: DocumentProblem[]): void {
  const owner = new Map<string, string>();
  const typesOf = new Map<string, string>();
  for (const resolved of rules) {
    const types = toFunctionSignature(resolved.signature.abi);
    const place = `${resolved.rule.target}:${resolved.selector}`;
    if ((typesOf.get(place) ?? types) !== types) {
      problems.push({ path: `rules.${resolved.rule.id}.fn`, rule: `shares its selector with ${typesOf.get(place)}`, value: types });
    }
    typesOf.set(place, types);
    for (const leaf of leavesOf(resolved)) {
      const other = owner.get(leafKey(leaf));
      owner.set(leafKey(leaf), resolved.rule.id);
      if (other === undefined) continue;
      const rule = `target, function and recipient are those of rule ${other} too`;
      problems.push({ path: `rules.${resolved.rule.id}`, rule, value: leafKey(leaf) });
      break;
    }
  }
}
