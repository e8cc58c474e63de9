import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parseCloudEvent } from "../../../services/platform/src/event-log/cloud-event-record.js";
import { PermanentFailure } from "../../../services/platform/src/event-log/deliver.js";
import type { EventLog, LogRecord, ReceivedRecord } from "../../../services/platform/src/event-log/event-log.js";
import { LogReader } from "../../../services/platform/src/event-store/log-reader.js";
import { ParkingLot } from "../../../services/platform/src/projection/parking-lot.js";
import { RecordParking } from "../../../services/platform/src/projection/record-parking.js";
import { metadata, used } from "../../support/event-data.js";
import type { ConsumerOrder } from "../../support/event-log-consumer.js";
import { type Eventing, eventing } from "../../support/eventing.js";
import { startConsumer } from "../../support/start-worker.js";
import { describeNestServer } from "./nest-contract.js";

/** What a spec brings: the adapter under test, and how a consumer in another process reaches the same log. */
export interface AdapterUnderTest {
  /** A log with six partitions per topic, connected on its own. */
  open(): EventLog;
  readonly remote: ConsumerOrder["log"];
  stop(): Promise<void>;
}

const PATIENCE = { timeout: 40_000, interval: 25 };

/** What every adapter of the event log has to do. */
export function describeEventLog(name: string, start: (on: Eventing) => Promise<AdapterUnderTest>, makeStore = eventing): void {
  describe(`the event log on ${name}`, () => {
    let on: Eventing;
    let adapter: AdapterUnderTest;
    let log: EventLog;
    beforeAll(async () => {
      on = await makeStore();
      adapter = await start(on);
      log = adapter.open();
    }, 300_000);
    afterAll(async () => {
      await log?.close();
      await adapter?.stop();
      await on?.close();
    }, 120_000);

    const names = () => ({ topic: `topic.${randomUUID()}`, group: `group-${randomUUID()}` });

    it("keeps the order of each key, byte for byte and with its headers", async () => {
      const { topic, group } = names();
      const sent = records(200, 7);
      for (let at = 0; at < sent.length; at += 50) await log.publish(topic, sent.slice(at, at + 50));
      const seen: ReceivedRecord[] = [];
      const subscription = await log.subscribe({ group, topics: [topic], handler: async (batch) => void seen.push(...batch) });
      await vi.waitFor(() => expect(seen.length).toBeGreaterThanOrEqual(200), PATIENCE);
      await subscription.stop();
      for (const key of new Set(sent.map((record) => record.key))) {
        expect(texts(seen, key)).toEqual(texts(sent, key));
      }
      expect(seen[0]?.headers.n).toBe(seen[0]?.value.toString());
    });

    it("counts the offsets of a partition without a gap, and shows them to a reader without a group", async () => {
      const { topic } = names();
      await log.publish(topic, records(10, 1));
      const partition = await partitionHolding(log, topic);
      const read = await log.read({ topic, partition, fromOffset: 3n, limit: 4 });
      expect(read.map(({ offset }) => offset)).toEqual([3n, 4n, 5n, 6n]);
      const ends = await log.ends(topic);
      expect(await log.read({ topic, partition, fromOffset: ends[partition] ?? 0n, limit: 4 })).toEqual([]);
      expect(await log.read({ topic, partition, fromOffset: (ends[partition] ?? 0n) - 1n, limit: 4 })).toHaveLength(1);
    });

    it("takes a batch that is larger than a broker's largest message", async () => {
      const { topic, group } = names();
      const large = records(40, 1).map((record) => ({ ...record, value: Buffer.alloc(60_000, record.value) }));
      await log.publish(topic, large);
      expect(await consume(log, topic, group, 40)).toHaveLength(40);
    });

    it("goes on where the group stopped, and shows a new group everything", async () => {
      const { topic, group } = names();
      await log.publish(topic, records(5, 1));
      expect(await consume(log, topic, group, 5)).toEqual(["0", "1", "2", "3", "4"]);
      await log.publish(topic, records(3, 1, 5));
      expect(await consume(log, topic, group, 3)).toEqual(["5", "6", "7"]);
      expect(await consume(log, topic, `${group}-other`, 8)).toHaveLength(8);
    });

    it("delivers again what a handler has rejected, in the same order", async () => {
      const { topic, group } = names();
      await log.publish(topic, records(4, 1));
      const seen: string[] = [];
      let failures = 0;
      const handler = async (batch: readonly ReceivedRecord[]) => {
        if (failures++ < 3) throw new Error("not yet");
        seen.push(...batch.map(({ value }) => value.toString()));
      };
      const subscription = await log.subscribe({ group, topics: [topic], handler });
      await vi.waitFor(() => expect(seen).toEqual(["0", "1", "2", "3"]), PATIENCE);
      await subscription.stop();
    });

    it("delivers again what a consumer killed with -9 had not acknowledged", async () => {
      const { topic, group } = names();
      await log.publish(topic, records(1, 1));
      const child = await startConsumer({ log: adapter.remote, topic, group });
      await child.handling;
      await child.kill();
      expect(await consume(log, topic, group, 1)).toEqual(["0"]);
    });

    it("shares the partitions among the members of a group, and hands them over when one leaves", async () => {
      const { topic, group } = names();
      await log.publish(topic, records(60, 30));
      const other = adapter.open();
      const seen: string[] = [];
      const handler = async (batch: readonly ReceivedRecord[]) => void seen.push(...batch.map(({ value }) => value.toString()));
      const first = await log.subscribe({ group, topics: [topic], handler });
      await vi.waitFor(() => expect(first.assignments()).toHaveLength(6), PATIENCE);
      const second = await other.subscribe({ group, topics: [topic], handler });
      await vi.waitFor(() => expect([first.assignments().length, second.assignments().length]).toEqual([3, 3]), PATIENCE);
      await log.publish(topic, records(60, 30, 60));
      await second.stop();
      await vi.waitFor(() => expect(first.assignments()).toHaveLength(6), PATIENCE);
      await log.publish(topic, records(60, 30, 120));
      await vi.waitFor(() => expect(new Set(seen).size).toBe(180), PATIENCE);
      await first.stop();
      await other.close();
    });

    it("parks a poisoned record with its sequence while the others go on, and replays them in order", async () => {
      const { topic, group } = names();
      const lot = new ParkingLot(on.pool, on.schema);
      const parking = new RecordParking(lot);
      const seen: string[] = [];
      let poisoned = true;
      const handler = async (batch: readonly ReceivedRecord[]) => {
        if (poisoned && batch.some(({ value }) => value.toString() === "2")) throw new PermanentFailure("cannot be handled");
        seen.push(...batch.map(({ value }) => value.toString()));
      };
      await log.publish(topic, records(12, 2));
      const subscription = await log.subscribe({ group, topics: [topic], handler, parking });
      await vi.waitFor(async () => expect(await lot.count(group)).toEqual({ sequences: 1, items: 5 }), PATIENCE);
      await vi.waitFor(() => expect(new Set(seen)).toEqual(new Set(["0", "1", "3", "5", "7", "9", "11"])), PATIENCE);
      await subscription.stop();
      poisoned = false;
      seen.length = 0;
      expect(await parking.replay(group, { limit: 1 }, handler)).toBe(1);
      expect(await parking.replay(group, {}, handler)).toBe(4);
      expect(seen).toEqual(["2", "4", "6", "8", "10"]);
      expect(await lot.count(group)).toEqual({ sequences: 0, items: 0 });
    });

    describeNestServer(() => ({ on, log }));

    it("carries an event whose transaction commits late behind those that overtook it, with dense positions", async () => {
      const { topic, group } = names();
      const sequencer = on.sequencer({ eventLog: log, topic, pollMs: 20 });
      sequencer.start();
      const [late, early] = [on.stream(), on.stream()];
      const before = (await new LogReader(on.pool, on.schema).read(0n, 10_000)).length;
      const client = await on.pool.connect();
      await client.query("BEGIN");
      await on.store.append(late, 0, [used(1)], metadata(), client);
      await on.store.append(early, 0, [used(2)], metadata());
      await client.query("COMMIT");
      client.release();
      const seen: ReceivedRecord[] = [];
      const subscription = await log.subscribe({ group, topics: [topic], handler: async (batch) => void seen.push(...batch) });
      await vi.waitFor(() => expect(seen.length).toBeGreaterThanOrEqual(before + 2), PATIENCE);
      await subscription.stop();
      await sequencer.stop();
      const events = seen.map(({ value }) => parseCloudEvent(value));
      const sequences = [...new Set(events.map((event) => event?.sequence ?? 0n))].sort((a, b) => Number(a - b));
      expect(sequences).toEqual(Array.from({ length: before + 2 }, (_, n) => BigInt(n + 1)));
      expect(new Set(events.map((event) => event?.attributes.stream))).toEqual(new Set([late, early]));
    });
  });
}

function records(count: number, keys: number, from = 0): LogRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const n = String(from + index);
    return { key: `31337:0x${index % keys}`, value: Buffer.from(n), headers: { n } };
  });
}

const texts = (of: readonly LogRecord[], key: string) => of.filter((record) => record.key === key).map(({ value }) => value.toString());

async function consume(log: EventLog, topic: string, group: string, count: number): Promise<string[]> {
  const seen: string[] = [];
  const handler = async (batch: readonly ReceivedRecord[]) => void seen.push(...batch.map(({ value }) => value.toString()));
  const subscription = await log.subscribe({ group, topics: [topic], handler });
  await vi.waitFor(() => expect(seen.length).toBeGreaterThanOrEqual(count), PATIENCE);
  await subscription.stop();
  return seen;
}

async function partitionHolding(log: EventLog, topic: string): Promise<number> {
  for (let partition = 0; partition < 6; partition++) {
    if ((await log.read({ topic, partition, fromOffset: 0n, limit: 1 })).length > 0) return partition;
  }
  throw new RangeError("no partition holds a record");
}
