import { ALREADY, type Decision, happened, refused } from "./decision.js";
import type { AddSignature, Arm, Draft } from "./session-command.js";
import type { Session, SessionState } from "./session-state.js";
import { subjectOf } from "./subject.js";

/** How long after the Arm message's deadline a grant may still be confirmed: its transaction may have been mined in time. Seconds. */
export const CONFIRM_GRACE = 3_600;

/** GENERATE and the draft of the grant, once. */
export function decideDraft(state: SessionState, command: Draft): Decision {
  if (state.phase !== "none") return refused("ALREADY_EXISTS", "this session was drafted already");
  return happened({ type: "session.generated.v1", data: command.generated }, { type: "grant.drafted.v1", data: command.drafted });
}

/** One more owner has signed. Only owners as fixed at GENERATE count; the same owner again changes nothing. */
export function decideAddSignature(state: Session, command: AddSignature): Decision {
  const fault = unconfirmable(state, command.at);
  if (fault !== undefined) return fault;
  if (!state.key.owners.includes(command.owner)) {
    return refused("OWNER_SIGNATURE_INVALID", "the signer is no owner of the account", { owner: command.owner });
  }
  if (state.signedBy.has(command.owner)) return ALREADY;
  const { owner, signatureHash, at } = command;
  return happened({ type: "grant.signed.v1", data: { ...subjectOf(state), owner, signatureHash, at } });
}

/** ARM, once in the life of a key, and only for the very policy that was drafted. */
export function decideArm(state: Session, command: Arm): Decision {
  const { policyId, policyHash, policy } = state.grant;
  if (command.policyHash !== policyHash || command.policyId !== policyId) {
    return refused("POLICY_MISMATCH", "the armed policy is not the one that was drafted", { expected: policyId, actual: command.policyId });
  }
  if (state.phase === "armed") return ALREADY;
  const fault = unconfirmable(state, command.at);
  if (fault !== undefined) return fault;
  const { kind: _, ...facts } = command;
  const { validAfter, validUntil } = policy;
  return happened({ type: "session.armed.v1", data: { ...subjectOf(state), ...facts, module: state.key.module, validAfter, validUntil } });
}

function unconfirmable(state: Session, at: number): Decision | undefined {
  switch (state.phase) {
    case "armed":
      return refused("ALREADY_ARMED", "the session is armed already");
    case "disarmed":
      return refused("DISARMED", "the session was disarmed; a new grant needs a new key");
    case "revoked":
      return refused("EXTERNALLY_REVOKED", "the session was revoked on chain; a new grant needs a new key");
    case "expired":
      return refused("GRANT_EXPIRED", "the grant is over; draft a new one");
    case "drafted":
      return tooLate(state, at);
  }
}

function tooLate(state: Session, at: number): Decision | undefined {
  const { armDeadline, policy } = state.grant;
  if (at > armDeadline + CONFIRM_GRACE) return refused("GRANT_EXPIRED", "the grant was not confirmed in time", { armDeadline });
  if (BigInt(at) >= BigInt(policy.validUntil))
    return refused("GRANT_EXPIRED", "the policy's window is over", { validUntil: policy.validUntil });
  return undefined;
}
