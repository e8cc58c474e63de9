import { createPool } from "../database/pool.js";
import { InterlockError } from "../errors/interlock-error.js";
import type { EventLog } from "../event-log/event-log.js";
import { KafkaEventLog } from "../event-log/kafka/kafka-event-log.js";
import { PostgresEventLog } from "../event-log/postgres/postgres-event-log.js";
import type { ServiceRuntime } from "../runtime/service-runtime.js";
import { kafkaIdentity } from "./kafka-identity.js";

/** What `eventLogVariables` gives. */
export interface EventLogConfig {
  readonly eventLog: "postgres" | "kafka";
  readonly eventLogUrl?: string | undefined;
  readonly kafkaBrokers?: readonly string[] | undefined;
  readonly kafkaMechanism?: "plain" | "scram-sha-256" | "scram-sha-512" | undefined;
  readonly kafkaUsername?: string | undefined;
  readonly kafkaPassword?: string | undefined;
  readonly kafkaTls?: boolean;
  readonly kafkaCa?: string | undefined;
}

/** Topics with a fixed number of partitions; the audit stream and its checkpoints are one line each. */
export const PARTITIONS: Readonly<Record<string, number>> = { "audit.v1": 1, "audit.checkpoints.v1": 1 };

/**
 * The event log this service was configured with; connects when first used.
 * @throws InterlockError CONFIG_INVALID when the adapter's own variable is missing
 */
export function openEventLog(runtime: ServiceRuntime, config: EventLogConfig): EventLog {
  const log = config.eventLog === "kafka" ? openKafka(runtime, config) : openPostgres(runtime, config);
  runtime.onClosed("event log", () => log.close());
  runtime.watch({ name: "event-log", condition: "KafkaDown", check: async () => requireHealthy(await log.healthy()) });
  return log;
}

function openPostgres(runtime: ServiceRuntime, { eventLogUrl }: EventLogConfig): EventLog {
  if (eventLogUrl === undefined) throw new InterlockError("CONFIG_INVALID", "EVENT_LOG_URL: is required with EVENT_LOG=postgres");
  const pool = createPool({ url: eventLogUrl, applicationName: `${runtime.name} event log`, max: 4 });
  runtime.onClosed("event log pool", () => pool.end());
  return new PostgresEventLog({
    pool,
    random: runtime.random,
    partitions: (topic) => PARTITIONS[topic] ?? 6,
    onError: (err) => runtime.logger.warn({ err }, "event log"),
  });
}

function openKafka(runtime: ServiceRuntime, config: EventLogConfig): EventLog {
  const { kafkaBrokers: brokers } = config;
  if (brokers === undefined) throw new InterlockError("CONFIG_INVALID", "KAFKA_BROKERS: is required with EVENT_LOG=kafka");
  return new KafkaEventLog({
    ...kafkaIdentity(config),
    brokers,
    clientId: runtime.name,
    random: runtime.random,
    partitions: (topic) => PARTITIONS[topic] ?? 6,
    onError: (err) => runtime.logger.warn({ err }, "event log"),
  });
}

function requireHealthy(healthy: boolean): void {
  if (!healthy) throw new Error("the event log does not answer");
}
