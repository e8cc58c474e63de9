import { hasCode } from "#platform/errors/interlock-error.js";
import type { EventStore } from "#platform/event-store/event-store.js";
import { CLUSTER_KEY } from "#platform/producer/announce-start.js";
import type { RecordConflict } from "./ingest.js";

/** Appends `audit.conflict.v1`, named after what conflicts: a redelivery finds it there already. */
export function conflictRecorder(store: Pick<EventStore, "append">): RecordConflict {
  return async ({ event: { source, sequence, leafHash }, storedHash }) => {
    const seenLeafHash = leafHash.toString("hex");
    const stream = `conflict-${storedHash}-${seenLeafHash}`;
    const data = { source, conflictingSequence: sequence.toString(), storedLeafHash: storedHash, seenLeafHash };
    const metadata = {
      correlationId: stream,
      actor: { type: "service", id: "audit" } as const,
      subject: source,
      partitionKey: CLUSTER_KEY,
    };
    try {
      await store.append(stream, 0, [{ type: "audit.conflict.v1", data }], metadata);
    } catch (error) {
      if (!hasCode(error, "WRONG_EXPECTED_VERSION")) throw error;
    }
  };
}
