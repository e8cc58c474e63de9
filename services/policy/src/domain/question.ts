import type { ParsedIntent } from "#platform/intent/intent.js";
import type { Limits } from "#platform/limits/limits.js";
import type { LimitsState } from "#platform/limits/limits-state.js";
import type { OnchainPolicyStruct } from "#platform/session-policy/onchain-policy.js";
import type { CompiledDocument } from "./compiled-document.js";

/** Everything a verdict depends on; nothing else does, so that it can be replayed years later. */
export interface Question {
  readonly compiled: CompiledDocument;
  readonly policy: OnchainPolicyStruct;
  readonly intent: ParsedIntent;
  readonly usage: LimitsState;
  /** Conditions that forbid a USE now. */
  readonly conditions: readonly string[];
  /** Unix seconds. */
  readonly at: bigint;
}

/** The counting part of the on-chain policy. */
export function limitsOf(policy: OnchainPolicyStruct): Limits {
  return {
    validAfter: BigInt(policy.validAfter),
    budgetWindow: BigInt(policy.budgetWindow),
    rateWindow: BigInt(policy.rateWindow),
    maxOps: policy.maxOps,
    limits: policy.limits,
  };
}
