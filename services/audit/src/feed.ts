import type { Producer } from "#platform/producer/open-producer.js";
import { ParkingLot } from "#platform/projection/parking-lot.js";
import { BackgroundLoop } from "#platform/runtime/background-loop.js";
import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import type { EntryRepository } from "./adapters/entry-repository.js";
import { conflictRecorder } from "./application/conflict-recorder.js";
import { Ingest } from "./application/ingest.js";
import { PoisonParking } from "./application/poison-parking.js";
import { Publisher } from "./application/publisher.js";
import { AUDIT_SCHEMA } from "./migrations.js";

/** Where the services publish. */
const LIFECYCLE_TOPIC = "session.lifecycle.v1";

/** Longest pause until a new entry goes out when its signal was missed. */
const PUBLISH_PAUSE_MS = 250;
/** Entries that come within so many milliseconds go out together; the first one never waits. */
const PUBLISH_REST_MS = 100;
const PUBLISH_BATCH = 500;

/** Feeds the stream from the services' topic, and the outgoing topic from the stream. */
export function feed(
  runtime: ServiceRuntime,
  entries: EntryRepository,
  { pool, log, store }: Pick<Producer, "pool" | "log" | "store">,
): void {
  const conflicts = runtime.metrics.counter({
    name: "audit_conflicts_total",
    help: "Events that came twice under one source and sequence with different bytes",
    labelNames: ["source"],
  });
  const poison = runtime.metrics.counter({
    name: "audit_poison_total",
    help: "Records on the services' topic that are no events and were parked",
    labelNames: ["topic"],
  });
  const parking = new PoisonParking(new ParkingLot(pool, AUDIT_SCHEMA), { poison }, runtime.logger);
  const publisher = new Publisher(entries, log);
  const pump = new BackgroundLoop({
    pauseMs: PUBLISH_PAUSE_MS,
    restMs: PUBLISH_REST_MS,
    turn: async () => (await publisher.publishOnce(PUBLISH_BATCH)) === PUBLISH_BATCH,
    onError: (err) => runtime.logger.warn({ err }, "the audit topic is behind"),
  });
  const ingest = new Ingest(entries, { conflicts }, runtime.logger, conflictRecorder(store));
  pump.start();
  runtime.onStop("audit topic", () => pump.stop());
  letInLate(runtime, entries, () => pump.signal());
  const subscribing = log.subscribe({
    group: "audit",
    topics: [LIFECYCLE_TOPIC],
    parking,
    handler: async (batch) => {
      await ingest.handle(batch);
      pump.signal();
    },
  });
  runtime.onStop("subscription", async () => (await subscribing).stop());
  subscribing.catch((err: unknown) => runtime.logger.error({ err }, "cannot subscribe to the services' topic"));
}

/** How long an event waits for its producer's events before it, in milliseconds; then the log has a gap, and says so. */
const PATIENCE_MS = 600_000;
const LATE_PAUSE_MS = 1_000;

/** Lets in what has waited too long, as often as there is something. */
function letInLate(runtime: ServiceRuntime, entries: EntryRepository, onEntered: () => void): void {
  const gaps = runtime.metrics.counter({
    name: "audit_producer_gaps_total",
    help: "Times the log went on without an event of a producer that never came",
    labelNames: ["source"],
  });
  const waiting = runtime.metrics.gauge({ name: "audit_waiting_seconds", help: "How long the oldest event has waited for one before it" });
  const loop = new BackgroundLoop({
    pauseMs: LATE_PAUSE_MS,
    turn: async () => {
      waiting.set(await entries.longestWait());
      for (const { source, expected, found } of await entries.giveUp(PATIENCE_MS)) {
        gaps.inc({ source });
        const gap = { source, expected: expected.toString(), found: found.toString() };
        runtime.logger.error(gap, "an event of this producer never came; the log goes on without it");
        onEntered();
      }
      return false;
    },
    onError: (err) => runtime.logger.warn({ err }, "events that wait could not be looked at"),
  });
  loop.start();
  runtime.onStop("late events", () => loop.stop());
}
