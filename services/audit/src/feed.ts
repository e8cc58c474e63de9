import type { Producer } from "#platform/producer/open-producer.js";
import { ParkingLot } from "#platform/projection/parking-lot.js";
import { BackgroundLoop } from "#platform/runtime/background-loop.js";
import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import type { EntryRepository } from "./adapters/entry-repository.js";
import { Ingest } from "./application/ingest.js";
import { PoisonParking } from "./application/poison-parking.js";
import { Publisher } from "./application/publisher.js";
import { refusalRecorder } from "./application/refusal-recorder.js";
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
  const forged = runtime.metrics.counter({
    name: "audit_forged_total",
    help: "Events that claimed to be a producer's and were not signed by it; they are not in the log",
    labelNames: ["source"],
  });
  const lot = new ParkingLot(pool, AUDIT_SCHEMA);
  const parking = new PoisonParking(lot, { poison }, runtime.logger);
  const publisher = new Publisher(entries, log);
  const pump = new BackgroundLoop({
    pauseMs: PUBLISH_PAUSE_MS,
    restMs: PUBLISH_REST_MS,
    turn: async () => (await publisher.publishOnce(PUBLISH_BATCH)) === PUBLISH_BATCH,
    onError: (err) => runtime.logger.warn({ err }, "the audit topic is behind"),
  });
  const ingest = new Ingest(entries, { conflicts, forged }, runtime.logger, refusalRecorder(store, lot));
  pump.start();
  runtime.onStop("audit topic", () => pump.stop());
  endWaiting(runtime, entries, ingest, () => pump.signal());
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

/** How long an event waits for its producer's events before it, or for a signature that covers it, in milliseconds. */
const PATIENCE_MS = 600_000;
const LATE_PAUSE_MS = 1_000;

/** Ends the waiting of what has waited too long: the log then has a gap, or refuses what nobody signed, and says so. */
function endWaiting(runtime: ServiceRuntime, entries: EntryRepository, ingest: Ingest, onEntered: () => void): void {
  const missed = runtime.metrics.counter({
    name: "audit_producer_gaps_total",
    help: "Times the log went on without an event of a producer that never came",
    labelNames: ["source"],
  });
  const waiting = runtime.metrics.gauge({ name: "audit_waiting_seconds", help: "How long the oldest event has waited for one before it" });
  const loop = new BackgroundLoop({
    pauseMs: LATE_PAUSE_MS,
    turn: async () => {
      waiting.set(await entries.longestWait());
      const { gaps, ...refusals } = await entries.giveUp(PATIENCE_MS);
      for (const { source, expected, found } of gaps) {
        missed.inc({ source });
        const gap = { source, expected: expected.toString(), found: found.toString() };
        runtime.logger.error(gap, "an event of this producer never came; the log goes on without it");
        onEntered();
      }
      await ingest.refuse(refusals);
      return false;
    },
    onError: (err) => runtime.logger.warn({ err }, "events that wait could not be looked at"),
  });
  loop.start();
  runtime.onStop("late events", () => loop.stop());
}
