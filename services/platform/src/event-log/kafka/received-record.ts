import type { KafkaMessage } from "kafkajs";
import type { ReceivedRecord } from "../event-log.js";

/** A Kafka message in the port's words. */
export function toReceivedRecord(topic: string, partition: number, message: KafkaMessage): ReceivedRecord {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.map(String).join(",") : value.toString();
  }
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    key: message.key?.toString() ?? "",
    value: message.value ?? Buffer.alloc(0),
    headers,
  };
}
