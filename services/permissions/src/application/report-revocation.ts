import { refuseField } from "#platform/intent/field.js";
import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import type { ReportRevocationRequest, ReportRevocationResponse } from "#proto/interlock/permissions/v1/permissions.js";
import { hex } from "../domain/policy-data.js";
import type { Session } from "../domain/session-state.js";
import { isSession } from "../domain/session-state.js";
import { eventActor } from "./caller.js";
import type { AccountFacts, ChainReader, Standing } from "./chain-reader.js";
import type { Fence } from "./fence.js";
import { originOf } from "./origin.js";
import { visibleSession } from "./session-access.js";
import type { SessionStream } from "./session-stream.js";

const KINDS = ["disarmed", "epoch", "module_disabled", "owner_changed", "sign_path", "poll"] as const;

export interface ReportRevocationParts {
  readonly stream: SessionStream;
  readonly chain: ChainReader;
  readonly fence: Fence;
  readonly clock: Clock;
}

/** EXTERNAL_REVOCATION. The report only makes us look: the chain's own answer ends the session, a caller's word never does. */
export class ReportRevocation {
  constructor(private readonly parts: ReportRevocationParts) {}

  /** `ended` says whether the session is over now, by this report or before. @throws InterlockError NOT_FOUND, VALIDATION_FAILED, DEPENDENCY_UNAVAILABLE */
  async execute(request: ReportRevocationRequest): Promise<ReportRevocationResponse> {
    const { stream, chain, fence, clock } = this.parts;
    const kind = KINDS.find((name) => name === request.kind);
    if (kind === undefined) refuseField("kind", `must be one of ${KINDS.join(", ")}`, request.kind);
    const { state, version } = await visibleSession(stream, request.sessionId);
    if (state.ended !== undefined) return { ended: true, version: String(version) };
    if (state.phase !== "armed") return { ended: false, version: String(version) };
    const safe = hex(state.key.account);
    const [standing, facts] = await Promise.all([chain.standing(safe, hex(state.grant.policyId), 1), chain.account(safe)]);
    const observed = revokedBecause(state, standing, facts);
    if (observed === undefined) return { ended: false, version: String(version) };
    const { transactionHash, blockNumber, logIndex } = request;
    const where = { transactionHash: transactionHash.slice(0, 66), blockNumber: blockNumber.slice(0, 20), logIndex: logIndex.slice(0, 10) };
    const command = { kind: "revoke-externally", cause: kind, detail: request.detail.slice(0, 500), ...where, observed } as const;
    const origin = originOf(state, eventActor());
    const result = await stream.run(state.key.sessionId, { ...command, at: unixSeconds(clock) }, origin, { urgent: true });
    if (isSession(result.state)) await fence.close(result.state);
    return { ended: true, version: String(result.version) };
  }
}

/** What of the chain's state takes the session's power away; undefined while it stands. Owners are those fixed at GENERATE. */
export function revokedBecause(state: Session, standing: Standing, facts: AccountFacts): string | undefined {
  if (standing.revoked) return "revoked";
  if (!standing.armed) return "not armed";
  if (String(standing.epoch) !== state.grant.policy.epoch) return `epoch ${standing.epoch}`;
  if (!standing.moduleEnabled) return "module not enabled";
  const owners = facts.owners.map((owner) => owner.toLowerCase()).toSorted();
  const same = facts.threshold === state.key.threshold && owners.join() === [...state.key.owners].toSorted().join();
  return same ? undefined : "owners changed";
}
