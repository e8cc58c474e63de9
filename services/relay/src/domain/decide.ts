import { InterlockError } from "#platform/errors/interlock-error.js";
import { decideOnChain } from "./decide-on-chain.js";
import type { ExecutionCommand } from "./execution-command.js";
import type { ExecutionEvent } from "./execution-event.js";
import type { ExecutionState } from "./execution-state.js";
import { isTerminal } from "./execution-status.js";

/**
 * What happens to an execution when it is told `command`. No event means: known already, or overtaken by what the chain did.
 * @throws InterlockError CONFLICT for a step that would break an invariant, EXECUTION_FINAL for a wish that comes too late.
 */
export function decide(state: ExecutionState | undefined, command: ExecutionCommand): ExecutionEvent[] {
  if (command.do === "receive") return state === undefined ? [{ type: "execution.received.v1", data: command.received }] : [];
  if (state === undefined) throw new InterlockError("NOT_FOUND", "There is no such execution");
  const { executionId, sessionId, account, chainId } = state;
  const base = { executionId, sessionId, account, chainId, at: command.at };
  switch (command.do) {
    case "deny": {
      mustBeUnleased(state, command.do);
      const { reasons, decisionId, reserved } = command;
      return [{ type: "execution.denied.v1", data: { ...base, reasons, decisionId, reserved } }];
    }
    case "authorize": {
      mustBeUnleased(state, command.do);
      if (state.status === "AUTHORIZED") return [];
      const { decisionId, reservationId } = command;
      return [{ type: "execution.authorized.v1", data: { ...base, decisionId, reservationId } }];
    }
    case "failSimulation":
      mustBeUnleased(state, command.do);
      return [{ type: "execution.simulation_failed.v1", data: { ...base, reasons: command.reasons, signed: command.signed } }];
    case "sign": {
      mustBeUnleased(state, command.do);
      if (state.status !== "AUTHORIZED") throw conflict(state, "only an authorised execution gets a nonce");
      const { do: _, at: __, ...signed } = command;
      return [{ type: "execution.signed.v1", data: { ...base, ...signed } }];
    }
    case "hold":
      if (isTerminal(state.status) || state.mined !== null || state.status === "HELD" || state.status === "CANCELLING") return [];
      return [{ type: "execution.held.v1", data: { ...base, reason: command.reason } }];
    case "expire":
      mustBeUnleased(state, command.do);
      return [{ type: "execution.expired.v1", data: { ...base, transactionHash: "", reasons: command.reasons } }];
    case "cancel":
      return cancel(state, base, command);
    default:
      return decideOnChain(state, base, command);
  }
}

function cancel(
  state: ExecutionState,
  base: { executionId: string; sessionId: string; account: string; chainId: string; at: string },
  command: Extract<ExecutionCommand, { do: "cancel" }>,
): ExecutionEvent[] {
  if (state.status === "CANCELLING" || state.status === "CANCELLED") return [];
  if (isTerminal(state.status) || state.mined !== null)
    throw new InterlockError("EXECUTION_FINAL", `The execution is ${state.status} and can no longer be cancelled`, {
      details: { executionId: state.executionId, state: state.status },
    });
  const { requestedBy } = command;
  if (state.lease !== null) return [{ type: "execution.cancelling.v1", data: { ...base, requestedBy } }];
  const signed = state.status === "AUTHORIZED" || command.signingMayBeUnderWay;
  return [{ type: "execution.cancelled.v1", data: { ...base, transactionHash: "", requestedBy, signed } }];
}

/** Before the lease everything can still be called off; after it the nonce has to be used up on chain. */
function mustBeUnleased(state: ExecutionState, step: string): void {
  if (isTerminal(state.status)) throw conflict(state, `${step} comes after the end`);
  if (state.lease !== null) throw conflict(state, `${step} comes after the nonce was leased`);
}

function conflict(state: ExecutionState, rule: string): InterlockError {
  return new InterlockError("CONFLICT", rule, { details: { executionId: state.executionId, state: state.status, rule } });
}
