import { InterlockError } from "#platform/errors/interlock-error.js";
import type { CommandOf, ExecutionCommand } from "./execution-command.js";
import type { ExecutionEvent, MinedJson } from "./execution-event.js";
import type { ExecutionState } from "./execution-state.js";
import { isTerminal } from "./execution-status.js";

type OnChain = Extract<ExecutionCommand, { do: "broadcast" | "replace" | "mine" | "reorg" | "finalise" | "lose" }>;
type Base = { executionId: string; sessionId: string; account: string; chainId: string; at: string };

/** Decisions about an execution that holds a nonce. Only hashes it signed itself count as its own. */
export function decideOnChain(state: ExecutionState, base: Base, command: OnChain): ExecutionEvent[] {
  if (state.lease === null)
    throw new InterlockError("CONFLICT", `${command.do} needs a leased nonce`, { details: { executionId: state.executionId } });
  switch (command.do) {
    case "broadcast":
      return broadcast(state, base, command);
    case "replace":
      return replace(state, base, command);
    case "mine":
      return mine(state, base, command);
    case "reorg": {
      if (state.mined === null || state.mined.blockHash !== command.blockHash) return [];
      return [{ type: "execution.reorged.v1", data: { ...base, ...state.mined } }];
    }
    case "finalise":
      return finalise(state, base, command);
    case "lose":
      return lose(state, base, command);
  }
}

/** The nonce went to a transaction that is not ours, so nothing of ours can be mined: it ends as the wish for it ended. */
function lose(state: ExecutionState, base: Base, { nonce }: CommandOf<"lose">): ExecutionEvent[] {
  if (state.mined !== null || isTerminal(state.status)) return [];
  const transactionHash = "";
  if (state.cancelledBy !== null)
    return [{ type: "execution.cancelled.v1", data: { ...base, transactionHash, requestedBy: state.cancelledBy, signed: true } }];
  const message = `nonce ${nonce} of the relayer was used by a transaction that is not ours`;
  const stolen = { code: "NONCE_STOLEN", message, ruleId: "", path: "chain", operator: "", expected: "", actual: nonce };
  return [{ type: "execution.expired.v1", data: { ...base, transactionHash, reasons: [stolen] } }];
}

/** Sending the same bytes again is no news; only the first time, after a reorg and after a hold it is. */
function broadcast(state: ExecutionState, base: Base, command: CommandOf<"broadcast">): ExecutionEvent[] {
  const news = state.status === "SIGNED" || state.status === "REORGED" || state.status === "HELD";
  return news ? [{ type: "execution.broadcast.v1", data: { ...base, transactionHash: command.transactionHash } }] : [];
}

function replace(state: ExecutionState, base: Base, command: CommandOf<"replace">): ExecutionEvent[] {
  if (state.mined !== null || isTerminal(state.status)) return [];
  const { transactionHash, kind, cause, maxFeePerGas, maxPriorityFeePerGas } = command;
  return [{ type: "execution.replaced.v1", data: { ...base, transactionHash, kind, cause, maxFeePerGas, maxPriorityFeePerGas } }];
}

function mine(state: ExecutionState, base: Base, command: CommandOf<"mine">): ExecutionEvent[] {
  const attempt = attemptOf(state, command.transactionHash);
  if (attempt.kind === "void") return [];
  if (state.mined?.blockHash === command.blockHash) return [];
  const { success, reasons } = command;
  return [{ type: "execution.mined.v1", data: { ...base, ...where(command), success, reasons } }];
}

/** At the confirmed depth an execution ends as what was actually mined, whatever was wished meanwhile. */
function finalise(state: ExecutionState, base: Base, command: CommandOf<"finalise">): ExecutionEvent[] {
  if (isTerminal(state.status)) return [];
  const { transactionHash } = command;
  if (attemptOf(state, transactionHash).kind === "void") {
    if (state.cancelledBy !== null)
      return [{ type: "execution.cancelled.v1", data: { ...base, transactionHash, requestedBy: state.cancelledBy, signed: true } }];
    return [{ type: "execution.expired.v1", data: { ...base, transactionHash, reasons: state.reasons } }];
  }
  if (state.mined === null || state.mined.blockHash !== command.blockHash) return [];
  if (state.mined.success) return [{ type: "execution.confirmed.v1", data: { ...base, ...where(command) } }];
  if (state.reasons.some((reason) => reason.code === "EXPIRED" && reason.path === "deadline"))
    return [{ type: "execution.expired.v1", data: { ...base, transactionHash, reasons: state.reasons } }];
  return [{ type: "execution.reverted.v1", data: { ...base, ...where(command), reasons: state.reasons } }];
}

function where({ transactionHash, blockNumber, blockHash, blockTime }: MinedJson): MinedJson {
  return { transactionHash, blockNumber, blockHash, blockTime };
}

function attemptOf(state: ExecutionState, transactionHash: string): ExecutionState["attempts"][number] {
  const attempt = state.attempts.find((candidate) => candidate.transactionHash === transactionHash);
  if (attempt !== undefined) return attempt;
  throw new InterlockError("CONFLICT", "this transaction is not an attempt of this execution", {
    details: { executionId: state.executionId, transactionHash },
  });
}
