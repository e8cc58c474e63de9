import { hasCode } from "#platform/errors/interlock-error.js";
import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import { originOf } from "./origin.js";
import type { SessionStream } from "./session-stream.js";
import type { Stops } from "./stops.js";

/** Appends the stops that were asked for while the store was away; leaves those that still cannot be. Returns how many were recorded. */
export async function recordStops(parts: {
  readonly stream: SessionStream;
  readonly stops: Stops;
  readonly clock: Clock;
}): Promise<number> {
  const { stream, stops, clock } = parts;
  let recorded = 0;
  for (const { state, reason, initiator, actor } of stops.waiting()) {
    const { sessionId } = state.key;
    try {
      await stream.run(sessionId, { kind: "disarm", reason, initiator, at: unixSeconds(clock) }, originOf(state, actor), { urgent: true });
      stops.recorded(sessionId);
      recorded += 1;
    } catch (error) {
      if (!hasCode(error, "DEPENDENCY_UNAVAILABLE", "RESOURCE_EXHAUSTED", "WRONG_EXPECTED_VERSION", "DEADLINE_EXCEEDED")) throw error;
    }
  }
  return recorded;
}
