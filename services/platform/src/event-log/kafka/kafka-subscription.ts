import type { Consumer, EachBatchPayload, Kafka } from "kafkajs";
import { backoff } from "../../event-store/backoff.js";
import { Wakeup } from "../../event-store/wakeup.js";
import { deliver } from "../deliver.js";
import type { ReceivedRecord, SubscribeOptions, Subscription } from "../event-log.js";
import type { KafkaEventLogOptions } from "./kafka-options.js";
import { toReceivedRecord } from "./received-record.js";
import type { Topics } from "./topics.js";

const HEARTBEAT_MS = 500;

/** One member of a Kafka consumer group. It connects in the background and again whenever its consumer has crashed. */
export class KafkaSubscription implements Subscription {
  readonly #pause = new Wakeup();
  #stopped = false;
  #running: Promise<void> | undefined;
  #assigned: readonly string[] = [];

  constructor(
    private readonly kafka: Kafka,
    private readonly topics: Topics,
    private readonly log: KafkaEventLogOptions,
    private readonly options: SubscribeOptions,
  ) {}

  start(): void {
    this.#running ??= this.#run();
  }

  assignments(): readonly string[] {
    return this.#assigned;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#pause.signal();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stopped; ) {
      try {
        for (const topic of this.options.topics) await this.topics.ensure(topic);
        await this.#consume();
        failures = 0;
      } catch (error) {
        this.log.onError?.(error);
        await this.#pause.wait(backoff(failures++, this.log.random));
      }
    }
  }

  /** Runs one consumer until it crashes or the subscription is stopped. */
  async #consume(): Promise<void> {
    const consumer = this.#makeConsumer();
    let crashed = false;
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      crashed = !payload.restart;
      this.log.onError?.(payload.error);
      if (crashed) this.#pause.signal();
    });
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      const held = Object.entries(payload.memberAssignment);
      this.#assigned = held.flatMap(([topic, partitions]) => partitions.map((partition) => `${topic}/${partition}`)).sort();
    });
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...this.options.topics], fromBeginning: this.options.from !== "latest" });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        // All of a topic at once: consumers that put events of several partitions in order wait for the slowest of them.
        partitionsConsumedConcurrently: 6,
        eachBatch: (payload) => this.#eachBatch(consumer, payload),
      });
      while (!this.#stopped && !crashed) await this.#pause.wait(60_000);
    } finally {
      this.#assigned = [];
      await consumer.disconnect();
    }
  }

  #makeConsumer(): Consumer {
    return this.kafka.consumer({
      groupId: this.options.group,
      sessionTimeout: this.log.sessionTimeoutMs ?? 10_000,
      rebalanceTimeout: 20_000,
      heartbeatInterval: HEARTBEAT_MS,
      maxWaitTimeInMs: 100,
      allowAutoTopicCreation: false,
      retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 2_000 },
    });
  }

  async #eachBatch(consumer: Consumer, payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const { topic, partition } = batch;
    const records = batch.messages.map((message) => toReceivedRecord(topic, partition, message));
    const over = () => this.#stopped || !payload.isRunning() || payload.isStale();
    const size = this.options.maxBatch ?? 500;
    for (let at = 0; at < records.length && !over(); ) {
      const chunk = records.slice(at, at + size);
      const done = await this.#deliverAlive(chunk, payload, over);
      const last = chunk[done - 1];
      if (last === undefined) return;
      // Kafka's committed offset is the next one to read.
      await consumer.commitOffsets([{ topic, partition, offset: (last.offset + 1n).toString() }]);
      payload.resolveOffset(last.offset.toString());
      at += done;
    }
  }

  /** A handler that takes long must not cost the member its partitions. */
  async #deliverAlive(chunk: readonly ReceivedRecord[], payload: EachBatchPayload, over: () => boolean): Promise<number> {
    const beat = setInterval(() => {
      payload.heartbeat().catch((error: unknown) => this.log.onError?.(error));
    }, HEARTBEAT_MS);
    const pause = new Wakeup();
    try {
      const { group, handler, parking } = this.options;
      return await deliver(chunk, { group, handler, parking, random: this.log.random, pause: (ms) => pause.wait(ms), over });
    } finally {
      clearInterval(beat);
    }
  }
}
