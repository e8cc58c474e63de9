import { ALREADY, type Decision, happened, refused } from "./decision.js";
import { recall } from "./recent-map.js";
import type { Settle } from "./session-command.js";
import type { Session, SettledUse } from "./session-state.js";
import { subjectOf } from "./subject.js";

/**
 * What the chain made of an authorised execution. It goes on after the session's end: the books are closed whatever its phase.
 * A block that is reorganised away gives its operation back to the reservation, so that mining it again counts it once.
 */
export function decideSettle(state: Session, command: Settle): Decision {
  const { executionId } = command;
  const settled = recall(state.settled, executionId);
  if (settled !== undefined) return decideAgain(state, command, settled);
  if (!state.pending.has(executionId)) return refused("NOT_FOUND", "no reservation stands for this execution", { executionId });
  if (command.outcome === "reorged") return ALREADY;
  if (command.outcome === "committed") return committed(state, command);
  if (command.outcome === "expired") return expired(state, command);
  return released(state, command, command.outcome);
}

function decideAgain(state: Session, command: Settle, settled: SettledUse): Decision {
  if (settled.outcome !== "committed") return afterRelease(state, command, settled);
  if (command.outcome === "committed") return sameTransaction(command, settled);
  if (command.outcome !== "reorged") return refused("EXECUTION_FINAL", "the execution was committed", { outcome: settled.outcome });
  const { executionId, transactionHash, blockHash, at } = command;
  return happened({ type: "session.use.reorged.v1", data: { ...subjectOf(state), executionId, transactionHash, blockHash, at } });
}

/** A release that proves wrong must not hide spending: what was mined is counted, with or without a reservation. */
function afterRelease(state: Session, command: Settle, settled: SettledUse): Decision {
  if (command.outcome === settled.outcome || command.outcome === "reorged") return ALREADY;
  if (command.outcome === "committed") return committed(state, command);
  return refused("EXECUTION_FINAL", `the execution was ${settled.outcome}`, { outcome: settled.outcome });
}

function sameTransaction(command: Settle, settled: SettledUse): Decision {
  if (command.transactionHash === settled.transactionHash) return ALREADY;
  return refused("EXECUTION_FINAL", "the execution was committed by another transaction", { transactionHash: settled.transactionHash });
}

function committed(state: Session, command: Settle): Decision {
  const { executionId, transactionHash, blockNumber, blockHash, minedAt, at } = command;
  if (BigInt(minedAt) < BigInt(state.grant.policy.validAfter)) {
    return refused("VALIDATION_FAILED", "block_time: must not be before the session began", { field: "block_time", value: minedAt });
  }
  return happened({
    type: "session.use.committed.v1",
    data: { ...subjectOf(state), executionId, transactionHash, blockNumber, blockHash, minedAt, at },
  });
}

/** An intent can be mined until its deadline, so its reservation stands at least as long. */
function expired(state: Session, command: Settle): Decision {
  const reservation = state.pending.get(command.executionId);
  if (reservation !== undefined && BigInt(command.at) <= reservation.deadline) {
    return refused("CONFLICT", "the intent's deadline has not passed", { deadline: String(reservation.deadline) });
  }
  return released(state, command, "expired");
}

function released(state: Session, command: Settle, outcome: Exclude<Settle["outcome"], "committed" | "reorged">): Decision {
  const { executionId, at } = command;
  return happened({ type: "session.use.released.v1", data: { ...subjectOf(state), executionId, outcome, at } });
}
