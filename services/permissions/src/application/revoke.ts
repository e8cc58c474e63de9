import { hasCode } from "#platform/errors/interlock-error.js";
import { refuseField } from "#platform/intent/field.js";
import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import { parseSessionId } from "#platform/kernel/ids.js";
import type { RevokeRequest, RevokeResponse, SafeTransaction } from "#proto/interlock/permissions/v1/permissions.js";
import { hex } from "../domain/policy-data.js";
import { isSession, type Session } from "../domain/session-state.js";
import { currentScope, eventActor, principal } from "./caller.js";
import type { ChainReader } from "./chain-reader.js";
import type { Fence } from "./fence.js";
import type { Gates } from "./gates.js";
import { asSafeTransaction, disarmCalldata } from "./module-calls.js";
import { sessionNotFound } from "./not-found.js";
import { originOf } from "./origin.js";
import { covers, type VisibleSession, visibleSession } from "./session-access.js";
import { sessionMessage } from "./session-message.js";
import type { SessionStream } from "./session-stream.js";
import type { ChainSetting } from "./setting.js";
import type { Stops } from "./stops.js";

export interface RevokeParts {
  readonly stream: SessionStream;
  readonly chain: ChainReader;
  readonly fence: Fence;
  readonly gates: Gates;
  readonly stops: Stops;
  readonly setting: ChainSetting;
  readonly clock: Clock;
}

interface Found extends VisibleSession {
  /** The store did not answer: the stop is kept at once, without asking it a second time. */
  readonly storeAway: boolean;
}

/** DISARM, at once, before and regardless of the chain. An agent gives its session up the same way (FORFEIT). */
export class Revoke {
  constructor(private readonly parts: RevokeParts) {}

  /** "pending" where the vault or the store could not be reached: it is stopped here and retried, never said to be done. @throws InterlockError NOT_FOUND */
  async execute(request: RevokeRequest): Promise<RevokeResponse> {
    const { reason } = request;
    if (reason.length > 500) refuseField("reason", "must be at most 500 characters", `${reason.length} characters`);
    const before = await this.find(request.sessionId);
    const { state, version } = await this.stop(before, reason);
    // Together: with everything silent each waits for its own deadline, and the owner waits for all of them.
    const [fence, onChain] = await Promise.all([this.parts.fence.close(state), this.onChain(state)]);
    return { session: sessionMessage(state, version, unixSeconds(this.parts.clock)), fence, ...onChain };
  }

  /** With the store away, the session as this process last saw it is enough to stop it. */
  private async find(id: string): Promise<Found> {
    const { stream } = this.parts;
    try {
      return { ...(await visibleSession(stream, id)), storeAway: false };
    } catch (error) {
      const seen = stream.lastSeen(parseSessionId(id));
      if (!hasCode(error, "DEPENDENCY_UNAVAILABLE") || seen === undefined || !isSession(seen.state)) throw error;
      if (!covers(currentScope(), seen.state)) throw sessionNotFound(id);
      return { state: seen.state, version: seen.version, storeAway: true };
    }
  }

  private async stop({ state, version, storeAway }: Found, reason: string): Promise<VisibleSession> {
    const { stream, gates, stops, clock } = this.parts;
    const { sessionId } = state.key;
    const actor = eventActor();
    const forfeit = principal().kind === "agent";
    const words = { reason: reason === "" ? "revoked" : reason, initiator: actor.id };
    const command = { kind: forfeit ? "forfeit" : "disarm", ...words, at: unixSeconds(clock) } as const;
    const origin = originOf(state, actor);
    const keep = (): VisibleSession => {
      stops.add({ sessionId, command, origin });
      return { state, version };
    };
    try {
      if (storeAway) return keep();
      const result = await stream.run(sessionId, command, origin, { urgent: true });
      if (!isSession(result.state)) throw sessionNotFound(sessionId);
      return { state: result.state, version: result.version };
    } catch (error) {
      if (!hasCode(error, "DEPENDENCY_UNAVAILABLE", "RESOURCE_EXHAUSTED", "WRONG_EXPECTED_VERSION", "DEADLINE_EXCEEDED")) throw error;
      return keep();
    } finally {
      await gates.drained(sessionId);
    }
  }

  private async onChain(state: Session): Promise<{ calldata: string; to: string; safeTransaction: SafeTransaction | undefined }> {
    const { chainId, module } = this.parts.setting;
    const safe = hex(state.key.account);
    const data = disarmCalldata(safe, hex(state.grant.policyId));
    return { calldata: data, to: module, safeTransaction: await this.safeTransaction(safe, data, chainId, module) };
  }

  /** Only the nonce comes from the chain; without it the owner still has the plain call. */
  private async safeTransaction(safe: `0x${string}`, data: `0x${string}`, chainId: number, module: `0x${string}`) {
    try {
      const { nonce } = await this.parts.chain.account(safe);
      return asSafeTransaction({ safe, chainId, module, data, nonce });
    } catch {
      return undefined;
    }
  }
}
