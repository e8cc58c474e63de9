import type { BatchHandler, Parking, ReceivedRecord } from "../event-log/event-log.js";
import type { JsonObject } from "../kernel/json.js";
import { type ParkedItem, type ParkingLot, type ReplaySelection, reasonOf } from "./parking-lot.js";

/** The parking lot of an event log consumer: a record waits with all later ones of its key. */
export class RecordParking implements Parking {
  constructor(private readonly lot: ParkingLot) {}

  async park(group: string, record: ReceivedRecord, cause: unknown): Promise<void> {
    const { topic, partition, key, headers } = record;
    const payload = { topic, partition, key, headers: { ...headers }, value: record.value.toString("base64") };
    await this.lot.park(group, { sequence: sequenceOf(record), place: record.offset, payload, reason: reasonOf(cause) });
  }

  async isBlocked(group: string, record: ReceivedRecord): Promise<boolean> {
    return (await this.lot.blocked(group, [sequenceOf(record)])).size > 0;
  }

  /** Gives parked records to `handler` again, in order; stops at the first that fails. Returns how many were handled. */
  replay(group: string, selection: ReplaySelection, handler: BatchHandler): Promise<number> {
    return this.lot.replay(group, selection, (item) => handler([toRecord(item)]));
  }
}

/** Name of the sequence a record belongs to, for `ReplaySelection`. */
export const sequenceOf = ({ topic, partition, key }: Pick<ReceivedRecord, "topic" | "partition" | "key">): string =>
  `${topic}/${partition}/${key}`;

function toRecord({ payload, place }: ParkedItem): ReceivedRecord {
  const { topic, partition, key, headers, value } = payload;
  return {
    topic: String(topic),
    partition: Number(partition),
    key: String(key),
    headers: toHeaders(headers),
    value: Buffer.from(String(value), "base64"),
    offset: place,
  };
}

function toHeaders(value: JsonObject[string]): Record<string, string> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, String(v)])) : {};
}
