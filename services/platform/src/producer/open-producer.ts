import type { JWK } from "jose";
import type pg from "pg";
import { ping } from "../database/ping.js";
import { createPool } from "../database/pool.js";
import type { EventLog } from "../event-log/event-log.js";
import { checkEventData } from "../event-schema/check-event-data.js";
import { EventStore } from "../event-store/event-store.js";
import { Sequencer } from "../event-store/sequencer.js";
import type { ServiceRuntime } from "../runtime/service-runtime.js";
import { boundedMeasure } from "../telemetry/bounded-measure.js";
import { chainSigner } from "../transparency-log/producer-chain.js";
import { announceStart } from "./announce-start.js";
import { type EventLogConfig, openEventLog } from "./open-event-log.js";
import { producerMetrics } from "./producer-metrics.js";
import { recordFailovers } from "./record-failovers.js";

/** What `databaseVariables` gives. */
export interface DatabaseConfig {
  readonly databaseUrl: string;
  readonly databasePoolSize: number;
}

/** The workload key: it also signs what the service published. A process without one publishes unsigned. */
export interface SigningConfig {
  readonly serviceKey?: JWK | undefined;
}

/** Everything a service needs to keep its state in events and have them published. */
export interface Producer {
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly sequencer: Sequencer;
  readonly log: EventLog;
}

/**
 * Opens the service's database, event store, sequencer and event log. Nothing is waited for: while Postgres or the log is away the
 * conditions DbDown or KafkaDown hold, and everything goes on by itself when they are back. Closed with the process.
 */
export function openProducer(runtime: ServiceRuntime, config: DatabaseConfig & EventLogConfig & SigningConfig): Producer {
  // Without tables nothing works, but the database itself is up: the service says what it lacks where it lacks it.
  const notMeasured = (err: unknown) => runtime.logger.warn({ err }, "the outbox could not be measured");
  const notAnnounced = (err: unknown) => runtime.logger.warn({ err }, "a start or a failover could not be recorded yet");
  const pool = createPool({
    url: config.databaseUrl,
    applicationName: runtime.name,
    max: config.databasePoolSize,
    onIdleError: (err) => runtime.logger.warn({ err }, "a database connection was lost"),
  });
  runtime.onClosed("database", () => pool.end());
  const log = openEventLog(runtime, config);
  const store = new EventStore(pool, { schema: runtime.name, clock: runtime.clock, ids: runtime.ids, check: checkEventData });
  const sequencer = new Sequencer(pool, {
    schema: runtime.name,
    env: { cluster: "local", service: runtime.name, version: "0.1.0" },
    clock: runtime.clock,
    random: runtime.random,
    signChain: config.serviceKey === undefined ? undefined : chainSigner(config.serviceKey),
    eventLog: log,
    onError: (err) => runtime.logger.warn({ err }, "sequencer"),
  });
  store.onCommit(() => sequencer.wake());
  sequencer.start();
  const announce = announceStart(runtime, store);
  const failovers = recordFailovers(runtime, store);
  const measure = producerMetrics(runtime.metrics, pool, runtime.name, sequencer);
  runtime.metrics.beforeScrape(boundedMeasure(measure, notMeasured));
  const check = async () => {
    await ping(pool);
    await announce().catch(notAnnounced);
    await failovers().catch(notAnnounced);
  };
  runtime.watch({ name: "database", condition: "DbDown", check });
  runtime.onStop("sequencer", () => sequencer.stop());
  return { pool, store, sequencer, log };
}
