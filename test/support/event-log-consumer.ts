import { createPool } from "../../services/platform/src/database/pool.js";
import { KafkaEventLog } from "../../services/platform/src/event-log/kafka/kafka-event-log.js";
import { PostgresEventLog } from "../../services/platform/src/event-log/postgres/postgres-event-log.js";
import { systemRandom } from "../../services/platform/src/kernel/random.js";

/** What a consumer process is told by its EVENT_LOG_CONSUMER variable. */
export interface ConsumerOrder {
  readonly log: { readonly kind: "postgres"; readonly url: string } | { readonly kind: "kafka"; readonly brokers: readonly string[] };
  readonly topic: string;
  readonly group: string;
}

/** A consumer that takes a batch, says so, and never gets done: made to be killed. */
async function main({ log, topic, group }: ConsumerOrder): Promise<void> {
  const random = systemRandom;
  const eventLog =
    log.kind === "kafka"
      ? new KafkaEventLog({ brokers: log.brokers, clientId: "killed", random, sessionTimeoutMs: 3_000 })
      : new PostgresEventLog({ pool: createPool({ url: log.url, applicationName: "killed" }), random, leaseMs: 1_000 });
  const handler = () => {
    process.stdout.write("handling\n");
    return new Promise<void>(() => undefined);
  };
  await eventLog.subscribe({ group, topics: [topic], handler });
}

const order = process.env.EVENT_LOG_CONSUMER;
if (order !== undefined) await main(JSON.parse(order));
