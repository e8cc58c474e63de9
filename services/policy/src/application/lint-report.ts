import { canonicalDocument, policyHash } from "#platform/session-policy/canonical.js";
import { inspectDocument } from "#platform/session-policy/parse.js";
import type { DocumentProblem } from "#platform/session-policy/problem.js";
import { summarise } from "#platform/session-policy/summary.js";
import type { Reason } from "#proto/interlock/common/v1/common.js";
import type { LintResponse } from "#proto/interlock/policy/v1/policy.js";
import { lintDocument, type Warning } from "../domain/lint.js";

/** Canonical text, hash, summary and warnings of a document; only its problems when it does not parse. */
export function lintReport(text: string): LintResponse {
  const inspected = inspectDocument(text);
  if (!inspected.ok) return { canonical: "", policyHash: "", summary: "", problems: inspected.problems.map(toProblem), warnings: [] };
  const { document } = inspected;
  return {
    canonical: canonicalDocument(document),
    policyHash: policyHash(document),
    summary: summarise(document),
    problems: [],
    warnings: lintDocument(document).map(toWarning),
  };
}

function toProblem({ path, rule, value }: DocumentProblem): Reason {
  return { code: "VALIDATION_FAILED", message: `${path}: ${rule}`, ruleId: "", path, operator: "", expected: rule, actual: value };
}

function toWarning({ rule, path, message, value }: Warning): Reason {
  return { code: rule, message, ruleId: "", path, operator: "", expected: "", actual: value };
}
