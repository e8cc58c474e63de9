import type { AuthorizeResponse } from "#proto/interlock/permissions/v1/permissions.js";
import type { DecideResponse, DecisionRecord } from "#proto/interlock/policy/v1/policy.js";
import type { DeniedUse, Reservation, Session } from "../domain/session-state.js";

export interface Allowed {
  readonly state: Session;
  readonly version: number;
  readonly reservation: Reservation;
  readonly decision: DecideResponse;
  /** Authorization ticket. */
  readonly authorization: string;
}

/** Both tickets and what they are for. */
export function allowedResponse({ state, version, reservation, decision, authorization }: Allowed): AuthorizeResponse {
  return {
    allowed: true,
    decision: decision.decision,
    authorization,
    reservationId: reservation.reservationId,
    keyRef: state.key.keyRef,
    record: decision.record,
    version: String(version),
  };
}

export interface Denied {
  readonly executionId: string;
  readonly digest: string;
  readonly denied: DeniedUse;
  readonly decision: DecideResponse | undefined;
}

/** The denial as it stands in the stream: no ticket of either kind leaves with it. */
export function deniedResponse(state: Session, version: number, { executionId, digest, denied, decision }: Denied): AuthorizeResponse {
  const record: DecisionRecord = {
    abiSetHash: "",
    usageBefore: undefined,
    usageAfter: undefined,
    conditions: [],
    at: "",
    spends: [],
    operations: 0,
    ...decision?.record,
    decisionId: denied.decisionId,
    executionId,
    sessionId: state.key.sessionId,
    policyHash: state.grant.policyHash,
    evaluatorVersion: denied.evaluatorVersion,
    digest,
    outcome: "deny",
    reasons: [...denied.reasons],
  };
  return { allowed: false, decision: "", authorization: "", reservationId: "", keyRef: "", record, version: String(version) };
}
