import type { ActionJson } from "./action.js";
import type { AttemptKind, FeesJson, MinedJson, ReasonJson } from "./execution-event.js";
import type { ExecutionStatus } from "./execution-status.js";

/** One raw transaction that was made for an execution; all attempts share the nonce, so at most one mines. */
export type AttemptState = FeesJson & { transactionHash: string; kind: AttemptKind; at: string };

/** What the stream of one execution says so far; plain JSON, so that it can be stored beside the stream. */
export type ExecutionState = {
  status: ExecutionStatus;
  executionId: string;
  sessionId: string;
  account: string;
  chainId: string;
  action: ActionJson;
  module: string;
  policyId: string;
  intentNonce: string;
  deadline: string;
  intentDigest: string;
  requestedBy: string;
  /** One (chain, sender, nonce) for ever, once leased. */
  lease: { sender: string; nonce: string } | null;
  attempts: AttemptState[];
  mined: (MinedJson & { success: boolean }) | null;
  /** Who asked for the cancellation, while it is under way or done. */
  cancelledBy: string | null;
  reasons: ReasonJson[];
  decisionId: string;
  transitions: { state: ExecutionStatus; at: string; detail: string }[];
};
