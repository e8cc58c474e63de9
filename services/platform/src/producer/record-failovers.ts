import { type Level, levelOf } from "../degradation/ladder.js";
import { hasCode } from "../errors/interlock-error.js";
import type { EventStore } from "../event-store/event-store.js";
import type { CapabilityRegistry } from "../health/capability-registry.js";
import { unixSeconds } from "../kernel/clock.js";
import type { ServiceRuntime } from "../runtime/service-runtime.js";
import { CLUSTER_KEY } from "./announce-start.js";

/** A level has to stand for this long, milliseconds, before its change is one: a start passes through several. */
const SETTLE_MS = 2_000;
/** Most changes kept while they cannot be recorded; of more, the oldest are told by their number alone. */
const MOST_WAITING = 256;

interface Change {
  readonly fromLevel: Level;
  readonly toLevel: Level;
  readonly conditions: readonly string[];
  readonly at: number;
}

type Parts = Pick<ServiceRuntime, "name" | "ids" | "clock" | "onStop"> & {
  readonly capabilities: Pick<CapabilityRegistry, "held" | "onChange">;
};

/**
 * Appends `producer.failover.v1` whenever the level this process stands on has changed: now, or when the store takes it again.
 * @param settleMs how long a level must stand
 * @returns records what waits; rejects while the store is away
 */
export function recordFailovers(
  { name, ids, clock, capabilities, onStop }: Parts,
  store: EventStore,
  settleMs = SETTLE_MS,
): () => Promise<void> {
  const instanceId = ids.next();
  const waiting: Change[] = [];
  let [level, version, lost]: [Level, number, number] = ["L0", 0, 0];
  let timer: NodeJS.Timeout | undefined;
  let recording: Promise<void> = Promise.resolve();

  const record = async (): Promise<void> => {
    for (let [change] = waiting; change !== undefined; [change] = waiting) {
      const data = { service: name, instanceId, ...change, conditions: [...change.conditions], unrecorded: lost };
      const actor = { type: "service", id: name } as const;
      const metadata = { correlationId: instanceId, actor, subject: name, partitionKey: CLUSTER_KEY };
      try {
        await store.append(`failover-${instanceId}`, version, [{ type: "producer.failover.v1", data }], metadata);
      } catch (error) {
        // The append before got through although its answer did not.
        if (!hasCode(error, "WRONG_EXPECTED_VERSION")) throw error;
      }
      version += 1;
      lost = 0;
      waiting.shift();
    }
  };
  // One at a time: the stream's version is counted here.
  const flush = (): Promise<void> => {
    recording = recording.catch(() => undefined).then(record);
    return recording;
  };
  const settled = (): void => {
    const held = capabilities.held();
    const now = levelOf(held);
    if (now === level) return;
    waiting.push({ fromLevel: level, toLevel: now, conditions: [...held].sort(), at: unixSeconds(clock) });
    level = now;
    if (waiting.length > MOST_WAITING) {
      waiting.shift();
      lost += 1;
    }
    // What cannot be recorded now is recorded when the database answers again.
    flush().catch(() => undefined);
  };
  const stopListening = capabilities.onChange(() => {
    clearTimeout(timer);
    timer = setTimeout(settled, settleMs).unref();
  });
  onStop("failover events", () => {
    stopListening();
    clearTimeout(timer);
  });
  return flush;
}
