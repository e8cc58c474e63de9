import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import type { Logger } from "#platform/logging/logger.js";
import { isSession, type Session } from "../domain/session-state.js";
import { SELF } from "./caller.js";
import { originOf } from "./origin.js";
import type { VaultPeer } from "./peers.js";
import type { SessionIndex } from "./session-index.js";
import type { SessionStream } from "./session-stream.js";

export interface FenceParts {
  readonly stream: SessionStream;
  readonly index: SessionIndex;
  readonly vault: VaultPeer;
  readonly clock: Clock;
  readonly logger: Pick<Logger, "warn">;
}

/** Milliseconds the vault gets for a fence while an owner waits for the answer. */
const FENCE_DEADLINE = 3_000;

/** Has the vault shred the keys of ended sessions, and records the proof. What cannot be done now is retried for ever. */
export class Fence {
  constructor(private readonly parts: FenceParts) {}

  /** "done" once the vault says so and the proof stands in the stream; "pending" when it could not be reached. Never throws for a vault that is away. */
  async close(state: Session): Promise<"done" | "pending"> {
    if (state.fence === "done") return "done";
    const { stream, vault, clock, logger } = this.parts;
    const { sessionId, keyRef } = state.key;
    try {
      const request = {
        keyRef,
        reason: state.ended?.reason ?? "disarmed",
        ownerSignature: "",
        deadline: "",
        policyId: state.grant.policyId,
      };
      // The vault's fence is between services: it must not fail because a principal's context is gone.
      const answer = await vault.disarm(request, { deadlineMs: FENCE_DEADLINE, act: null });
      if (answer.status !== "done") return "pending";
      const proof = { kekVersion: answer.kekVersion, rowsDestroyed: answer.rowsDestroyed, at: unixSeconds(clock) };
      await stream.run(sessionId, { kind: "prove-destruction", ...proof }, originOf(state, SELF), { urgent: true });
      return "done";
    } catch (err) {
      logger.warn({ err, sessionId }, "the vault could not be fenced yet; it is tried again");
      return "pending";
    }
  }

  /** One round over all ended sessions whose key still stands; returns how many were fenced. */
  async sweep(limit = 50): Promise<number> {
    let fenced = 0;
    for (const sessionId of await this.parts.index.unfenced(limit)) {
      const { state } = await this.parts.stream.load(sessionId);
      if (isSession(state) && state.ended !== undefined && (await this.close(state)) === "done") fenced += 1;
    }
    return fenced;
  }
}
