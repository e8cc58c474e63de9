import type { Action } from "#proto/interlock/common/v1/common.js";
import type { Execution } from "#proto/interlock/relay/v1/relay.js";
import type { StoredExecution } from "../adapters/pg/execution-store.js";

/** An execution as the wire message. */
export function executionMessage({ state, version, createdAt, updatedAt }: StoredExecution, replayed = false): Execution {
  const action: Action = state.action;
  return {
    executionId: state.executionId,
    sessionId: state.sessionId,
    account: state.account,
    chainId: state.chainId,
    state: state.status,
    action,
    reasons: state.reasons,
    attempts: state.attempts,
    transitions: state.transitions,
    transactionHash: state.mined?.transactionHash ?? state.attempts.at(-1)?.transactionHash ?? "",
    blockNumber: state.mined?.blockNumber ?? "",
    blockHash: state.mined?.blockHash ?? "",
    intentDigest: state.intentDigest,
    decisionId: state.decisionId,
    createdAt,
    updatedAt,
    version: String(version),
    replayed,
  };
}
