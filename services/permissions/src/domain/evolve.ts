import { UNUSED } from "#platform/limits/limits-state.js";
import { applyAuthorized, applyCommitted, applyDenied, applyReleased, applyReorged } from "./evolve-use.js";
import { limitsOf } from "./policy-data.js";
import { emptyRecent } from "./recent-map.js";
import type { EventData, SessionEvent } from "./session-events.js";
import { type GeneratedSession, isSession, type Phase, type Session, type SessionState } from "./session-state.js";

/** The state after `event`. Pure and total: an event that does not fit its state (a damaged stream) leaves the state as it was. */
export function evolve(state: SessionState, event: SessionEvent): SessionState {
  if (event.type === "session.generated.v1") return state.phase === "none" ? { phase: "generated", key: event.data } : state;
  if (event.type === "grant.drafted.v1") return state.phase === "generated" ? drafted(state, event.data) : state;
  return isSession(state) ? evolveSession(state, event) : state;
}

function evolveSession(state: Session, event: SessionEvent): Session {
  switch (event.type) {
    case "grant.signed.v1":
      return { ...state, signedBy: new Map(state.signedBy).set(event.data.owner, event.data.at) };
    case "session.armed.v1":
      return { ...state, phase: "armed", armed: event.data };
    case "session.use.authorized.v1":
      return applyAuthorized(state, event.data);
    case "session.use.denied.v1":
      return applyDenied(state, event.data);
    case "session.use.committed.v1":
      return applyCommitted(state, event.data);
    case "session.use.reorged.v1":
      return applyReorged(state, event.data);
    case "session.use.released.v1":
      return applyReleased(state, event.data);
    case "session.disarmed.v1":
      if (event.data.phase === "destroyed") return { ...state, fence: "done" };
      return ended(state, "disarmed", event.data.reason, event.data.at);
    case "session.forfeited.v1":
      return ended(state, "disarmed", `forfeited: ${event.data.reason}`, event.data.at);
    case "session.expired.v1":
      return ended(state, "expired", "expired", event.data.at);
    case "grant.expired.v1":
      return ended(state, "expired", "grant expired", event.data.at);
    case "session.revocation_confirmed.v1":
      return { ...state, revokedBy: event.data.transactionHash };
    case "session.revoked_externally.v1":
      return ended(state, "revoked", event.data.kind, event.data.at);
    default:
      return state;
  }
}

function drafted(state: GeneratedSession, grant: EventData<"grant.drafted.v1">): Session {
  return {
    phase: "drafted",
    key: state.key,
    grant,
    limits: limitsOf(grant.policy),
    signedBy: new Map(),
    generation: 1,
    fence: "open",
    armed: undefined,
    ended: undefined,
    revokedBy: "",
    committed: UNUSED,
    pending: new Map(),
    settled: emptyRecent(),
    denied: emptyRecent(),
    nonces: emptyRecent(),
  };
}

/** Every end raises the generation, so that no ticket handed out before is good afterwards, and leaves the key to be shredded. */
function ended(state: Session, phase: Phase, reason: string, at: number): Session {
  return { ...state, phase, generation: state.generation + 1, fence: "pending", ended: { reason, at } };
}
