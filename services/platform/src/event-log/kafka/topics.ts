import type { Kafka } from "kafkajs";
import type { KafkaEventLogOptions } from "./kafka-options.js";

/** Makes topics that are missing: retained by time, never compacted, with a number of partitions that is never changed. */
export class Topics {
  readonly #ready = new Map<string, Promise<void>>();

  constructor(
    private readonly kafka: Kafka,
    private readonly options: KafkaEventLogOptions,
  ) {}

  /** Resolves once `topic` exists; a failure is forgotten, so that the next call tries again. */
  ensure(topic: string): Promise<void> {
    if (this.options.createTopics === false) return Promise.resolve();
    const known = this.#ready.get(topic);
    if (known !== undefined) return known;
    const made = this.#create(topic);
    this.#ready.set(topic, made);
    made.catch(() => this.#ready.delete(topic));
    return made;
  }

  async #create(topic: string): Promise<void> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      if ((await admin.listTopics()).includes(topic)) return;
      await admin.createTopics({
        waitForLeaders: true,
        topics: [
          {
            topic,
            numPartitions: this.options.partitions?.(topic) ?? 6,
            replicationFactor: this.options.replicationFactor ?? -1,
            configEntries: [{ name: "cleanup.policy", value: "delete" }],
          },
        ],
      });
    } finally {
      await admin.disconnect();
    }
  }
}
