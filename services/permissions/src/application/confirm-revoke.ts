import { InterlockError } from "#platform/errors/interlock-error.js";
import { parseBytes32 } from "#platform/intent/field.js";
import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import type { ConfirmRevokeRequest, Session as SessionMessage } from "#proto/interlock/permissions/v1/permissions.js";
import { hex } from "../domain/policy-data.js";
import { isSession, type Session } from "../domain/session-state.js";
import { eventActor } from "./caller.js";
import type { ChainReader } from "./chain-reader.js";
import type { Fence } from "./fence.js";
import { sessionNotFound } from "./not-found.js";
import { originOf } from "./origin.js";
import { visibleSession } from "./session-access.js";
import { sessionMessage } from "./session-message.js";
import type { SessionStream } from "./session-stream.js";

export interface ConfirmRevokeParts {
  readonly stream: SessionStream;
  readonly chain: ChainReader;
  readonly fence: Fence;
  readonly clock: Clock;
}

/** Notes the on-chain half of a revocation, after reading it from the chain. A session that was not stopped here yet is ended by it. */
export class ConfirmRevoke {
  constructor(private readonly parts: ConfirmRevokeParts) {}

  /** @throws InterlockError CONFLICT while the chain still lets the key act or does not know the transaction; NOT_FOUND, DEPENDENCY_UNAVAILABLE */
  async execute(request: ConfirmRevokeRequest): Promise<SessionMessage> {
    const { stream, chain, fence, clock } = this.parts;
    const { state } = await visibleSession(stream, request.sessionId);
    const transactionHash = parseBytes32("transaction_hash", request.transactionHash);
    const transaction = await chain.armTransaction(transactionHash);
    if (transaction?.succeeded !== true) throw new InterlockError("CONFLICT", "the transaction is not mined, or failed");
    const standing = await chain.standing(hex(state.key.account), hex(state.grant.policyId), 1);
    const stands = standing.armed && standing.moduleEnabled && String(standing.epoch) === state.grant.policy.epoch;
    if (stands) throw new InterlockError("CONFLICT", "the session still stands on chain", { details: { transactionHash } });
    const ended = await this.endHere(state, transactionHash, transaction.blockNumber);
    await fence.close(ended);
    const { state: last, version } = await stream.load(state.key.sessionId);
    if (!isSession(last)) throw sessionNotFound(state.key.sessionId);
    return sessionMessage(last, version, unixSeconds(clock));
  }

  private async endHere(state: Session, transactionHash: string, block: bigint): Promise<Session> {
    const { stream, clock } = this.parts;
    const { sessionId } = state.key;
    const origin = originOf(state, eventActor());
    const blockNumber = String(block);
    const at = unixSeconds(clock);
    if (state.ended === undefined && state.phase === "armed") {
      const facts = { detail: "", logIndex: "", observed: "revoked", transactionHash, blockNumber };
      await stream.run(sessionId, { kind: "revoke-externally", cause: "disarmed", ...facts, at }, origin, { urgent: true });
    }
    const result = await stream.run(sessionId, { kind: "confirm-revocation", transactionHash, blockNumber, at }, origin);
    return isSession(result.state) ? result.state : state;
  }
}
