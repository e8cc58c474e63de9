import { hasCode } from "#platform/errors/interlock-error.js";
import type { SessionStream } from "./session-stream.js";
import type { SpoolGap, Stops } from "./stops.js";

export interface RecordStopsParts {
  readonly stream: SessionStream;
  readonly stops: Stops;
  /** Puts a gap of the spool on the log. */
  readonly recordGap: (gap: SpoolGap) => Promise<void>;
  readonly logger: { error(fields: object, message: string): void };
}

/** Most stops of one round: the store has just come back, and others wait for it too. */
const PER_ROUND = 200;

/**
 * Appends the stops that were asked for while the store was away, oldest first, and ends at the first that cannot be: order is kept. A gap
 * goes on the log once none is left. Returns how many were recorded.
 */
export async function recordStops({ stream, stops, recordGap, logger }: RecordStopsParts): Promise<number> {
  let recorded = 0;
  for (const { sessionId, command, origin } of stops.waiting().slice(0, PER_ROUND)) {
    try {
      await stream.run(sessionId, command, origin, { urgent: true });
    } catch (err) {
      if (hasCode(err, "DEPENDENCY_UNAVAILABLE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED")) return recorded;
      // Somebody else's commands keep this one session busy; the others need not wait for it.
      if (hasCode(err, "WRONG_EXPECTED_VERSION")) continue;
      // A stop of what is not there must not hold back those behind it.
      logger.error({ err, sessionId }, "ALARM: a spooled stop was refused by its stream and is given up");
    }
    stops.recorded(sessionId);
    recorded += 1;
  }
  const { gap } = stops;
  if (gap === undefined || stops.waiting().length > 0) return recorded;
  await recordGap(gap);
  stops.gapRecorded();
  return recorded;
}
