import { randomUUID } from "node:crypto";
import type { Kafka } from "kafkajs";
import type { ReadOptions, ReceivedRecord } from "../event-log.js";
import { toReceivedRecord } from "./received-record.js";
import { topicEnds } from "./topic-ends.js";

/** Up to `limit` records that are on the partition now. kafkajs cannot fetch without a group, so a nameless one is made and dropped. */
export async function readPartition(kafka: Kafka, { topic, partition, fromOffset, limit }: ReadOptions): Promise<ReceivedRecord[]> {
  const end = (await topicEnds(kafka, topic))[partition] ?? 0n;
  const wanted = end - fromOffset < BigInt(limit) ? end : fromOffset + BigInt(limit);
  if (wanted <= fromOffset) return [];
  const groupId = `read-${randomUUID()}`;
  const records = await collect(kafka, groupId, { topic, partition, fromOffset, until: wanted });
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.deleteGroups([groupId]);
    return records;
  } finally {
    await admin.disconnect();
  }
}

interface Range {
  readonly topic: string;
  readonly partition: number;
  readonly fromOffset: bigint;
  readonly until: bigint;
}

async function collect(kafka: Kafka, groupId: string, range: Range): Promise<ReceivedRecord[]> {
  const { topic, partition, fromOffset, until } = range;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 50, allowAutoTopicCreation: false });
  const records: ReceivedRecord[] = [];
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      const eachMessage = async (seen: { partition: number; message: Parameters<typeof toReceivedRecord>[2] }) => {
        const offset = BigInt(seen.message.offset);
        if (seen.partition !== partition || offset < fromOffset || offset >= until) return;
        records.push(toReceivedRecord(topic, partition, seen.message));
        if (offset === until - 1n) resolve();
      };
      consumer.run({ autoCommit: false, eachMessage }).catch(reject);
      consumer.seek({ topic, partition, offset: fromOffset.toString() });
    });
    return records;
  } finally {
    await consumer.disconnect();
  }
}
