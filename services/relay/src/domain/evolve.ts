import type { ExecutionEvent } from "./execution-event.js";
import type { ExecutionState } from "./execution-state.js";
import type { ExecutionStatus } from "./execution-status.js";

/** The state after `event`. Total: every event that was ever stored has a meaning in every state. */
export function evolve(state: ExecutionState | undefined, event: ExecutionEvent): ExecutionState {
  if (event.type === "execution.received.v1") {
    const { at, ...data } = event.data;
    const empty = { lease: null, attempts: [], mined: null, cancelledBy: null, reasons: [], decisionId: "" };
    return { ...data, ...empty, status: "RECEIVED", transitions: [{ state: "RECEIVED", at, detail: "" }] };
  }
  if (state === undefined) throw new Error(`the stream of an execution cannot begin with ${event.type}`);
  const { status, detail, ...change } = changeOf(state, event);
  return { ...state, ...change, status, transitions: [...state.transitions, { state: status, at: event.data.at, detail }] };
}

/** The state a whole stream adds up to; undefined for an empty one. */
export function fold(events: readonly ExecutionEvent[]): ExecutionState | undefined {
  return events.reduce<ExecutionState | undefined>(evolve, undefined);
}

type Change = Partial<ExecutionState> & { status: ExecutionStatus; detail: string };
type Later = Exclude<ExecutionEvent, { type: "execution.received.v1" }>;

function changeOf(state: ExecutionState, event: Later): Change {
  switch (event.type) {
    case "execution.denied.v1":
      return { status: "DENIED", detail: codes(event.data.reasons), reasons: event.data.reasons, decisionId: event.data.decisionId };
    case "execution.authorized.v1":
      return { status: "AUTHORIZED", detail: "", decisionId: event.data.decisionId };
    case "execution.simulation_failed.v1":
      return { status: "SIM_FAILED", detail: codes(event.data.reasons), reasons: event.data.reasons };
    case "execution.signed.v1": {
      const { sender, nonce } = event.data;
      return { status: "SIGNED", detail: event.data.transactionHash, lease: { sender, nonce }, attempts: attempted(state, event) };
    }
    case "execution.replaced.v1":
      return { status: underway(state, "REPLACED"), detail: event.data.cause, attempts: attempted(state, event) };
    case "execution.broadcast.v1":
      return { status: underway(state, "BROADCAST"), detail: event.data.transactionHash };
    case "execution.held.v1":
      return { status: "HELD", detail: event.data.reason };
    case "execution.cancelling.v1":
      return { status: "CANCELLING", detail: "", cancelledBy: event.data.requestedBy };
    default:
      return onChain(state, event);
  }
}

function onChain(
  state: ExecutionState,
  event: Extract<Later, { type: `execution.${"mined" | "reorged" | "confirmed" | "reverted" | "cancelled" | "expired"}.v1` }>,
): Change {
  switch (event.type) {
    case "execution.mined.v1": {
      const { transactionHash, blockNumber, blockHash, blockTime, success, reasons } = event.data;
      return { status: "MINED", detail: blockHash, mined: { transactionHash, blockNumber, blockHash, blockTime, success }, reasons };
    }
    case "execution.reorged.v1":
      return { status: state.cancelledBy === null ? "REORGED" : "CANCELLING", detail: event.data.blockHash, mined: null, reasons: [] };
    case "execution.confirmed.v1":
      return { status: "CONFIRMED", detail: event.data.blockHash };
    case "execution.reverted.v1":
      return { status: "REVERTED", detail: codes(event.data.reasons), reasons: event.data.reasons };
    case "execution.cancelled.v1":
      return { status: "CANCELLED", detail: event.data.transactionHash, cancelledBy: event.data.requestedBy };
    case "execution.expired.v1":
      return { status: "EXPIRED", detail: event.data.transactionHash, reasons: event.data.reasons };
  }
}

function attempted(
  state: ExecutionState,
  event: Extract<Later, { type: "execution.signed.v1" | "execution.replaced.v1" }>,
): ExecutionState["attempts"] {
  const { transactionHash, maxFeePerGas, maxPriorityFeePerGas, at } = event.data;
  const kind = event.type === "execution.signed.v1" ? "intent" : event.data.kind;
  return [...state.attempts, { transactionHash, kind, maxFeePerGas, maxPriorityFeePerGas, at }];
}

/** A cancellation stays visible while its transactions are replaced and sent. */
function underway(state: ExecutionState, status: ExecutionStatus): ExecutionStatus {
  return state.status === "CANCELLING" ? "CANCELLING" : status;
}

function codes(reasons: readonly { code: string }[]): string {
  return reasons.map((reason) => reason.code).join(",");
}
