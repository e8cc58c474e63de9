import { type Kafka, Partitioners, type Producer } from "kafkajs";
import { InterlockError } from "../../errors/interlock-error.js";
import type { LogRecord } from "../event-log.js";
import { bySize } from "./by-size.js";

/** Most milliseconds for one batch, connecting included; kafkajs itself would try for ever. */
const PUBLISH_DEADLINE_MS = 20_000;
const CLOSE_DEADLINE_MS = 5_000;
/** A broker refuses a batch of more than `message.max.bytes`, 1 MiB by default; all records may go to one partition. */
const MAX_BATCH_BYTES = 768 * 1024;

/**
 * One idempotent producer, one batch at a time: kafkajs loses the order of sequence numbers when sends overlap (its issue 598).
 * After a failure the producer is thrown away, because its next sequence number is uncertain; a new one gets a new producer id.
 */
export class KafkaProducer {
  #producer: Promise<Producer> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly kafka: Kafka) {}

  /** Resolves once all in-sync replicas have the records. @throws InterlockError DEPENDENCY_UNAVAILABLE when they cannot be had */
  publish(topic: string, records: readonly LogRecord[]): Promise<void> {
    const next = this.#last.then(() => this.#publishNow(topic, records));
    this.#last = next.catch(() => undefined);
    return next;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#discard();
  }

  async #publishNow(topic: string, records: readonly LogRecord[]): Promise<void> {
    try {
      await within(PUBLISH_DEADLINE_MS, this.#send(topic, records));
    } catch (cause) {
      await this.#discard();
      throw new InterlockError("DEPENDENCY_UNAVAILABLE", "Kafka did not take the records", { details: { dependency: "kafka" }, cause });
    }
  }

  async #send(topic: string, records: readonly LogRecord[]): Promise<void> {
    this.#producer ??= this.#connect();
    const producer = await this.#producer;
    for (const part of bySize(records, MAX_BATCH_BYTES)) {
      const messages = part.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } }));
      await producer.send({ topic, acks: -1, timeout: 10_000, messages });
    }
  }

  async #connect(): Promise<Producer> {
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 2_000 },
    });
    await producer.connect();
    return producer;
  }

  async #discard(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    if (producer === undefined) return;
    // A producer that cannot be closed is gone already.
    await within(
      CLOSE_DEADLINE_MS,
      producer.then((connected) => connected.disconnect()),
    ).catch(() => undefined);
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new InterlockError("DEADLINE_EXCEEDED", `not done within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
