import { setTimeout as pause } from "node:timers/promises";
import kafkajs, { type Kafka } from "kafkajs";

// The package is CommonJS and spreads its errors into its exports, where Node finds no names to import.
const { KafkaJSError } = kafkajs;
const TRIES = 20;
const PAUSE_MS = 250;

/**
 * The offset each partition of `topic` would give its next record, in the order of partitions. A partition that was just made, or that moves,
 * has no leader for a moment: it is asked again for up to 5 s, each time with what the cluster says anew.
 */
export async function topicEnds(kafka: Kafka, topic: string): Promise<readonly bigint[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await askOnce(kafka, topic);
    } catch (error) {
      if (tries === TRIES || !(error instanceof KafkaJSError) || !error.retriable) throw error;
      await pause(PAUSE_MS);
    }
  }
}

async function askOnce(kafka: Kafka, topic: string): Promise<readonly bigint[]> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    return offsets.toSorted((a, b) => a.partition - b.partition).map(({ high }) => BigInt(high));
  } finally {
    await admin.disconnect();
  }
}
