import { expect, it } from "vitest";
import { type LocalKafka, NoKafka, startKafka } from "../../../deploy/local/kafka.js";
import { KafkaEventLog } from "../../../services/platform/src/event-log/kafka/kafka-event-log.js";
import { systemRandom } from "../../../services/platform/src/kernel/random.js";
import { skipLoudly } from "../../support/skip-loudly.js";
import { describeEventLog } from "./event-log-contract.js";

const kafka = await startKafka().catch((error: unknown) => {
  if (!(error instanceof NoKafka)) throw error;
  return error;
});

if (kafka instanceof NoKafka) {
  skipLoudly("kafka", "runs the event log's contract against a real Kafka 4 broker", kafka.message);
} else {
  describeEventLog(`Kafka 4 (${kafka.kind})`, async () => underTest(kafka));

  it("says that a broker is away instead of waiting for it", async () => {
    const nowhere = new KafkaEventLog({ brokers: ["127.0.0.1:1"], clientId: "test", random: systemRandom });
    expect(await nowhere.healthy()).toBe(false);
    await nowhere.close();
  });
}

function underTest(broker: LocalKafka) {
  return {
    open: () => new KafkaEventLog({ brokers: broker.brokers, clientId: "contract", random: systemRandom, sessionTimeoutMs: 3_000 }),
    remote: { kind: "kafka", brokers: broker.brokers } as const,
    stop: () => broker.stop(),
  };
}
