import { identifier } from "../database/identifier.js";
import { hasCode } from "../errors/interlock-error.js";
import type { EventStore } from "../event-store/event-store.js";
import type { ServiceRuntime } from "../runtime/service-runtime.js";

/** Key of events that belong to no account: an operator's. */
export const CLUSTER_KEY = "cluster";

/**
 * Appends `producer.started.v1`: the service runs, and this is where its log stood. An auditor who holds the log up to that position can
 * compare the hash; a gap between a predecessor's last event and the next start is a stop, not a loss.
 * @param instanceId id of this start: announcing it twice writes one event
 * @returns a function that does it once, for as many calls as the database needs; rejects while the database is away
 */
export function announceStart({ name, ids }: Pick<ServiceRuntime, "name" | "ids">, store: EventStore): () => Promise<void> {
  const instanceId = ids.next();
  const stream = `producer-${instanceId}`;
  let announced = false;
  return async () => {
    if (announced) return;
    const { position, hash } = await logHead(store);
    const data = { service: name, instanceId, lastSequence: position, lastHash: hash };
    const actor = { type: "service", id: name } as const;
    const metadata = { correlationId: instanceId, actor, subject: name, partitionKey: CLUSTER_KEY };
    try {
      await store.append(stream, 0, [{ type: "producer.started.v1", data }], metadata);
    } catch (error) {
      // The append before got through although its answer did not.
      if (!hasCode(error, "WRONG_EXPECTED_VERSION")) throw error;
    }
    announced = true;
  };
}

/** Last position of the service's log, 0 for an empty one, and the SHA-256 of the event there, hex. */
async function logHead(store: EventStore): Promise<{ readonly position: string; readonly hash: string }> {
  const text = `SELECT position::text AS position, encode(last_hash, 'hex') AS hash FROM ${identifier(store.schema)}.log_head`;
  const { rows } = await store.pool.query<{ position: string; hash: string }>(text);
  return rows[0] ?? { position: "0", hash: "" };
}
