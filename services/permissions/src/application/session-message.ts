import type { Session as SessionMessage } from "#proto/interlock/permissions/v1/permissions.js";
import type { Session } from "../domain/session-state.js";

/** A session as the API shows it at `now` (Unix seconds). Past its window an armed session is "expired", timer or not. */
export function sessionMessage(state: Session, version: number, now: number): SessionMessage {
  const { key, grant, armed, ended } = state;
  return {
    sessionId: key.sessionId,
    account: key.account,
    chainId: key.chainId,
    module: key.module,
    keyRef: key.keyRef,
    keyAddress: key.keyAddress,
    state: shownState(state, now),
    policyHash: grant.policyHash,
    policyId: grant.policyId,
    document: grant.document,
    policy: grant.policy,
    generation: String(state.generation),
    validAfter: grant.policy.validAfter,
    validUntil: grant.policy.validUntil,
    summary: grant.summary,
    armedTransaction: armed?.transactionHash ?? "",
    endedReason: ended?.reason ?? "",
    version: String(version),
    createdAt: isoTime(grant.at),
    armedAt: isoTime(armed?.at),
    endedAt: isoTime(ended?.at),
  };
}

/** RFC 3339 of Unix seconds; "" for none. */
export function isoTime(seconds: number | undefined): string {
  return seconds === undefined ? "" : new Date(seconds * 1000).toISOString();
}

function shownState(state: Session, now: number): string {
  const over = BigInt(now) >= BigInt(state.grant.policy.validUntil);
  return state.phase === "armed" && over ? "expired" : state.phase;
}
