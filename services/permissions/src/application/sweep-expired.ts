import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import type { SweepExpiredRequest, SweepExpiredResponse } from "#proto/interlock/permissions/v1/permissions.js";
import { isSession } from "../domain/session-state.js";
import { SELF } from "./caller.js";
import { originOf } from "./origin.js";
import type { SessionIndex } from "./session-index.js";
import type { SessionStream } from "./session-stream.js";

export interface SweepExpiredParts {
  readonly stream: SessionStream;
  readonly index: SessionIndex;
  readonly clock: Clock;
}

const MOST = 500;

/** EXPIRE for sessions past their window and drafts nobody confirmed. Nothing depends on it: every check compares the clock. */
export class SweepExpired {
  constructor(private readonly parts: SweepExpiredParts) {}

  /** `limit` 0 means 500, which is also the most. */
  async execute({ limit }: SweepExpiredRequest): Promise<SweepExpiredResponse> {
    const { stream, index, clock } = this.parts;
    const at = unixSeconds(clock);
    let expired = 0;
    for (const sessionId of await index.overdue(at, limit === 0 ? MOST : Math.min(limit, MOST))) {
      const { state } = await stream.load(sessionId);
      if (!isSession(state)) continue;
      const { events } = await stream.run(sessionId, { kind: "expire", at }, originOf(state, SELF));
      expired += events.length;
    }
    return { expired };
  }
}
