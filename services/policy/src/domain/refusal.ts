import type { ErrorCode } from "#platform/errors/error-table.js";

/** One reason against an action: which rule, where, and what was expected there. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  /** Id of the document's rule; empty when no rule is concerned. */
  readonly ruleId: string;
  /** Place in the intent or usage, e.g. `calls[0].to` or an argument's path. */
  readonly path: string;
  readonly operator: string;
  readonly expected: string;
  readonly actual: string;
}

/** A refusal; `ruleId` is empty unless given. */
export function refusal(
  code: ErrorCode,
  message: string,
  facts: Omit<Refusal, "code" | "message" | "ruleId"> & { ruleId?: string },
): Refusal {
  return { code, message, ruleId: "", ...facts };
}
