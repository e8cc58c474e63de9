import type { ActionJson } from "./action.js";

/** Why an execution was refused or failed; `code` is a row of the error table. */
export type ReasonJson = {
  code: string;
  message: string;
  ruleId: string;
  path: string;
  operator: string;
  expected: string;
  actual: string;
};

/** `intent` carries the session key's intent; `void` is a transfer of nothing to the sender itself that only uses up the nonce. */
export type AttemptKind = "intent" | "void";

type Base = { executionId: string; sessionId: string; account: string; chainId: string /** RFC 3339. */; at: string };

/** Fees in wei per gas. */
export type FeesJson = { maxFeePerGas: string; maxPriorityFeePerGas: string };
/** Where a transaction was mined; `blockTime` in Unix seconds. */
export type MinedJson = { transactionHash: string; blockNumber: string; blockHash: string; blockTime: string };

export type Received = {
  type: "execution.received.v1";
  data: Base & {
    action: ActionJson;
    module: string;
    policyId: string;
    /** Unordered nonce of the intent on chain, decimal. */
    intentNonce: string;
    /** Unix seconds after which the intent is void on chain. */
    deadline: string;
    intentDigest: string;
    requestedBy: string;
  };
};
export type Denied = {
  type: "execution.denied.v1";
  data: Base & { reasons: ReasonJson[]; decisionId: string /** True when a reservation may exist. */; reserved: boolean };
};
export type Authorized = { type: "execution.authorized.v1"; data: Base & { decisionId: string; reservationId: string } };
export type SimulationFailed = {
  type: "execution.simulation_failed.v1";
  data: Base & { reasons: ReasonJson[] /** True when the vault handed out a signature. */; signed: boolean };
};
export type Signed = {
  type: "execution.signed.v1";
  data: Base & FeesJson & { sender: string; nonce: string; transactionHash: string; gasLimit: string };
};
export type Broadcast = { type: "execution.broadcast.v1"; data: Base & { transactionHash: string } };
export type Replaced = {
  type: "execution.replaced.v1";
  data: Base & FeesJson & { transactionHash: string; kind: AttemptKind; cause: string };
};
export type Mined = {
  type: "execution.mined.v1";
  data: Base & MinedJson & { success: boolean; reasons: ReasonJson[] };
};
export type Reorged = {
  type: "execution.reorged.v1";
  data: Base & MinedJson & { /** True when it had had its effect. */ success: boolean };
};
export type Confirmed = { type: "execution.confirmed.v1"; data: Base & MinedJson };
export type Reverted = { type: "execution.reverted.v1"; data: Base & MinedJson & { reasons: ReasonJson[] } };
export type Cancelling = { type: "execution.cancelling.v1"; data: Base & { requestedBy: string } };
export type Cancelled = {
  type: "execution.cancelled.v1";
  data: Base & { transactionHash: string; requestedBy: string /** True when a signature may have been handed out. */; signed: boolean };
};
export type Expired = { type: "execution.expired.v1"; data: Base & { transactionHash: string; reasons: ReasonJson[] } };
export type Held = { type: "execution.held.v1"; data: Base & { reason: string } };

export type ExecutionEvent =
  | Received
  | Denied
  | Authorized
  | SimulationFailed
  | Signed
  | Broadcast
  | Replaced
  | Mined
  | Reorged
  | Confirmed
  | Reverted
  | Cancelling
  | Cancelled
  | Expired
  | Held;
