import { Kafka, logLevel } from "kafkajs";
import type { EventLog, LogRecord, ReadOptions, ReceivedRecord, SubscribeOptions, Subscription } from "../event-log.js";
import type { KafkaEventLogOptions } from "./kafka-options.js";
import { KafkaProducer } from "./kafka-producer.js";
import { KafkaSubscription } from "./kafka-subscription.js";
import { quietKafkajsTimeouts } from "./quiet-timeouts.js";
import { readPartition } from "./read-partition.js";
import { topicEnds } from "./topic-ends.js";
import { Topics } from "./topics.js";

/** The event log on Kafka 4. kafkajs is known in this folder only, so that another client can take its place. */
export class KafkaEventLog implements EventLog {
  readonly #kafka: Kafka;
  readonly #topics: Topics;
  readonly #producer: KafkaProducer;
  readonly #subscriptions = new Set<KafkaSubscription>();

  /** Connects to nothing yet: a broker that is away keeps no service from starting. */
  constructor(private readonly options: KafkaEventLogOptions) {
    quietKafkajsTimeouts();
    this.#kafka = new Kafka({
      brokers: [...options.brokers],
      clientId: options.clientId,
      connectionTimeout: 5_000,
      requestTimeout: 15_000,
      enforceRequestTimeout: true,
      logLevel: logLevel.NOTHING,
      retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 2_000 },
      ...(options.ssl === undefined ? {} : { ssl: options.ssl }),
      ...(options.sasl === undefined ? {} : { sasl: options.sasl }),
    });
    this.#topics = new Topics(this.#kafka, options);
    this.#producer = new KafkaProducer(this.#kafka);
  }

  async publish(topic: string, records: readonly LogRecord[]): Promise<void> {
    if (records.length === 0) return;
    await this.#topics.ensure(topic);
    await this.#producer.publish(topic, records);
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    const subscription = new KafkaSubscription(this.#kafka, this.#topics, this.options, options);
    this.#subscriptions.add(subscription);
    subscription.start();
    return {
      assignments: () => subscription.assignments(),
      stop: async () => {
        this.#subscriptions.delete(subscription);
        await subscription.stop();
      },
    };
  }

  async read(options: ReadOptions): Promise<ReceivedRecord[]> {
    await this.#topics.ensure(options.topic);
    return readPartition(this.#kafka, options);
  }

  async ends(topic: string): Promise<readonly bigint[]> {
    await this.#topics.ensure(topic);
    return topicEnds(this.#kafka, topic);
  }

  async healthy(): Promise<boolean> {
    const admin = this.#kafka.admin({ retry: { retries: 0 } });
    try {
      await admin.connect();
      await admin.describeCluster();
      return true;
    } catch {
      return false;
    } finally {
      await admin.disconnect();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.stop()));
    this.#subscriptions.clear();
    await this.#producer.close();
  }
}
