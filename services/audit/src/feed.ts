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
