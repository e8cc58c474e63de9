import { hasCode } from "#platform/errors/interlock-error.js";
import type { SessionStream } from "./session-stream.js";
import type { Stops } from "./stops.js";

/** Appends the stops that were asked for while the store was away; leaves those that still cannot be. Returns how many were recorded. */
export async function recordStops(parts: { readonly stream: SessionStream; readonly stops: Stops }): Promise<number> {
  const { stream, stops } = parts;
  let recorded = 0;
  for (const { sessionId, command, origin } of stops.waiting()) {
    try {
      await stream.run(sessionId, command, origin, { urgent: true });
      stops.recorded(sessionId);
      recorded += 1;
    } catch (error) {
      if (!hasCode(error, "DEPENDENCY_UNAVAILABLE", "RESOURCE_EXHAUSTED", "WRONG_EXPECTED_VERSION", "DEADLINE_EXCEEDED")) throw error;
    }
  }
  return recorded;
}
