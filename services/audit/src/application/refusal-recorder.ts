import { hasCode } from "#platform/errors/interlock-error.js";
import type { EventStore } from "#platform/event-store/event-store.js";
import type { NewEvent } from "#platform/event-store/types.js";
import { CLUSTER_KEY } from "#platform/producer/announce-start.js";
import type { ParkingLot } from "#platform/projection/parking-lot.js";
import type { RecordRefusals } from "./ingest.js";

/** Under which name forged events are parked, for a person to look at. */
export const FORGED = "audit-forged";

/** Appends `audit.conflict.v1` and `audit.forged.v1`, named after what is refused: a redelivery finds it there already. Keeps forged bytes. */
export function refusalRecorder(store: Pick<EventStore, "append">, lot: Pick<ParkingLot, "park">): RecordRefusals {
  const append = async (stream: string, source: string, event: NewEvent) => {
    const actor = { type: "service", id: "audit" } as const;
    try {
      await store.append(stream, 0, [event], { correlationId: stream, actor, subject: source, partitionKey: CLUSTER_KEY });
    } catch (error) {
      if (!hasCode(error, "WRONG_EXPECTED_VERSION")) throw error;
    }
  };
  return {
    conflict: ({ event: { source, sequence, leafHash }, storedHash }) => {
      const seenLeafHash = leafHash.toString("hex");
      const data = { source, conflictingSequence: sequence.toString(), storedLeafHash: storedHash, seenLeafHash };
      return append(`conflict-${storedHash}-${seenLeafHash}`, source, { type: "audit.conflict.v1", data });
    },
    forged: async ({ source, sequence, leafHash, bytes }) => {
      const seenLeafHash = leafHash.toString("hex");
      const payload = { source, value: bytes.toString("base64") };
      // All in one sequence: the lot's limit is on these, and whoever forges must not be able to stop the log with it.
      const place = leafHash.readBigUInt64BE(0) >> 1n;
      await lot.park(FORGED, { sequence: FORGED, place, payload, reason: "no producer signed it" });
      const data = { source, forgedSequence: sequence.toString(), seenLeafHash };
      await append(`forged-${seenLeafHash}`, source, { type: "audit.forged.v1", data });
    },
  };
}
