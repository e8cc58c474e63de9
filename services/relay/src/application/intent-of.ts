import type { Intent } from "#proto/interlock/common/v1/common.js";
import type { ExecutionState } from "../domain/execution-state.js";

/** The intent of an execution: fixed when it was received, so that every retry asks for the same signature. */
export function intentOf(state: Pick<ExecutionState, "chainId" | "module" | "policyId" | "action" | "intentNonce" | "deadline">): Intent {
  const { chainId, module, policyId, action, intentNonce, deadline } = state;
  return { chainId, module, policyId, action, nonce: intentNonce, deadline };
}
