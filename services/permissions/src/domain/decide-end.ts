import { CONFIRM_GRACE } from "./decide-grant.js";
import { ALREADY, type Decision, happened, refused } from "./decision.js";
import type { ConfirmRevocation, Disarm, Expire, Forfeit, ProveDestruction, RevokeExternally } from "./session-command.js";
import type { Session } from "./session-state.js";
import { subjectOf } from "./subject.js";

/** DISARM: from here on nothing is authorised. Of an ended session it changes nothing: it is stopped already. */
export function decideDisarm(state: Session, command: Disarm): Decision {
  if (isOver(state)) return ALREADY;
  return happened({
    type: "session.disarmed.v1",
    data: {
      ...subjectOf(state),
      phase: "disarmed",
      reason: command.reason,
      initiator: command.initiator,
      generation: state.generation + 1,
      keyRef: state.key.keyRef,
      kekVersion: state.key.kekVersion,
      rowsDestroyed: 0,
      at: command.at,
      ...spooledMark(command),
    },
  });
}

/** FORFEIT: the agent gives the session up. */
export function decideForfeit(state: Session, command: Forfeit): Decision {
  if (isOver(state)) return ALREADY;
  const { reason, initiator, at } = command;
  const data = { ...subjectOf(state), reason, initiator, generation: state.generation + 1, at, ...spooledMark(command) };
  return happened({ type: "session.forfeited.v1", data });
}

/** The proof of destruction; only of a session that is over, and once. */
export function decideProveDestruction(state: Session, command: ProveDestruction): Decision {
  if (state.fence === "done") return ALREADY;
  if (state.ended === undefined) return refused("CONFLICT", "the key of a session that is not over must not be destroyed");
  return happened({
    type: "session.disarmed.v1",
    data: {
      ...subjectOf(state),
      phase: "destroyed",
      reason: state.ended.reason,
      initiator: "permissions",
      generation: state.generation,
      keyRef: state.key.keyRef,
      kekVersion: command.kekVersion,
      rowsDestroyed: command.rowsDestroyed,
      at: command.at,
    },
  });
}

/** EXPIRE of an armed session at the end of its window; the end of a draft that nobody confirmed in time. Too early it is nothing. */
export function decideExpire(state: Session, command: Expire): Decision {
  const { at } = command;
  const { policy, armDeadline, expiresAt } = state.grant;
  const windowOver = BigInt(at) >= BigInt(policy.validUntil);
  if (state.phase === "armed" && windowOver) {
    const { validUntil } = policy;
    return happened({ type: "session.expired.v1", data: { ...subjectOf(state), validUntil, generation: state.generation + 1, at } });
  }
  if (state.phase === "drafted" && (windowOver || at > armDeadline + CONFIRM_GRACE)) {
    return happened({ type: "grant.expired.v1", data: { ...subjectOf(state), expiresAt, at } });
  }
  return ALREADY;
}

/** EXTERNAL_REVOCATION: the chain was read and no longer lets the key act. A draft has nothing on chain yet. */
export function decideRevokeExternally(state: Session, command: RevokeExternally): Decision {
  if (isOver(state)) return ALREADY;
  if (state.phase !== "armed") return refused("NOT_ARMED", "a session that was never armed cannot be revoked on chain");
  const { kind: _, cause, ...facts } = command;
  return happened({
    type: "session.revoked_externally.v1",
    data: { ...subjectOf(state), kind: cause, ...facts, generation: state.generation + 1 },
  });
}

/** The on-chain half of a DISARM, noted once; the session must have ended here first. */
export function decideConfirmRevocation(state: Session, command: ConfirmRevocation): Decision {
  if (!isOver(state)) return refused("CONFLICT", "the session was not revoked here");
  if (state.revokedBy !== "") return ALREADY;
  const { transactionHash, blockNumber, at } = command;
  return happened({ type: "session.revocation_confirmed.v1", data: { ...subjectOf(state), transactionHash, blockNumber, at } });
}

/** Says in the event that it was recorded later than it happened. */
const spooledMark = ({ spooled }: Disarm | Forfeit) => (spooled === undefined ? {} : { spooled });

function isOver(state: Session): boolean {
  return state.ended !== undefined;
}
