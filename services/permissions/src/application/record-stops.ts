import { hasCode } from "#platform/errors/interlock-error.js";
import type { SessionStream } from "./session-stream.js";
import type { Stops } from "./stops.js";

const AWAY = ["DEPENDENCY_UNAVAILABLE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED"] as const;

/**
 * Appends the stops that were asked for while the store was away, in the order they were asked for: while it is away still, none overtakes
 * those before it. Returns how many were recorded.
 */
export async function recordStops(parts: { readonly stream: SessionStream; readonly stops: Stops }): Promise<number> {
  const { stream, stops } = parts;
  let recorded = 0;
  for (const { sessionId, command, origin } of stops.waiting()) {
    try {
      await stream.run(sessionId, command, origin, { urgent: true });
      stops.recorded(sessionId);
      recorded += 1;
    } catch (error) {
      if (hasCode(error, ...AWAY)) break;
      // Somebody else's commands keep this one session busy; the others need not wait for it.
      if (!hasCode(error, "WRONG_EXPECTED_VERSION")) throw error;
    }
  }
  return recorded;
}
