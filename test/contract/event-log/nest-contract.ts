import "reflect-metadata";
import { randomUUID } from "node:crypto";
import { Controller, type INestMicroservice, Module, UseFilters } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { Ctx, EventPattern, Payload } from "@nestjs/microservices";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CloudEvent } from "../../../services/platform/src/event-log/cloud-event-record.js";
import { PermanentFailure } from "../../../services/platform/src/event-log/deliver.js";
import type { EventLog, LogRecord } from "../../../services/platform/src/event-log/event-log.js";
import { recordOf } from "../../../services/platform/src/event-log/nest/event-log-context.js";
import { EventLogExceptionFilter } from "../../../services/platform/src/event-log/nest/event-log-exception.filter.js";
import { EventLogServer, type EventLogServerOptions } from "../../../services/platform/src/event-log/nest/event-log-server.js";
import { formatSequence } from "../../../services/platform/src/event-store/cloud-event.js";
import { ParkingLot } from "../../../services/platform/src/projection/parking-lot.js";
import { RecordParking } from "../../../services/platform/src/projection/record-parking.js";
import type { Eventing } from "../../support/eventing.js";

const PATIENCE = { timeout: 40_000, interval: 25 };
const KEY = "31337:0x1111111111111111111111111111111111111111";
const OTHER_KEY = "31337:0x2222222222222222222222222222222222222222";

/** What the handlers got, and which sequence they cannot handle. */
const seen: { readonly type: string; readonly sequence: bigint; readonly key: string }[] = [];
let poisoned: bigint | undefined;

@Controller()
@UseFilters(EventLogExceptionFilter)
class Listener {
  @EventPattern("session.armed.v1")
  armed(@Payload() event: CloudEvent, @Ctx() context: unknown): void {
    if (event.sequence === poisoned) throw new PermanentFailure("cannot be handled");
    seen.push({ type: event.type, sequence: event.sequence, key: recordOf(context).key });
  }

  @EventPattern("session.disarmed.v1")
  async disarmed(@Payload() event: CloudEvent, @Ctx() context: unknown): Promise<void> {
    this.armed(event, context);
  }
}

@Module({ controllers: [Listener] })
class ListenerModule {}

/** What a Nest application does with the events of a log, over any adapter. */
export function describeNestServer(bed: () => { readonly on: Eventing; readonly log: EventLog }): void {
  describe("a Nest application that consumes it", () => {
    let app: INestMicroservice | undefined;
    let topic: string;
    let group: string;
    let lot: ParkingLot;
    beforeEach(() => {
      [topic, group] = [`topic.${randomUUID()}`, `group-${randomUUID()}`];
      lot = new ParkingLot(bed().on.pool, bed().on.schema);
      seen.length = 0;
      poisoned = undefined;
    });
    afterEach(async () => {
      await app?.close();
      app = undefined;
    });

    const listen = async (options: Pick<EventLogServerOptions, "unknown">) => {
      const strategy = new EventLogServer({ eventLog: bed().log, group, topics: [topic], parking: new RecordParking(lot), ...options });
      app = await NestFactory.createMicroservice(ListenerModule, { strategy, logger: false });
      await app.listen();
    };
    const publish = (...records: readonly LogRecord[]) => bed().log.publish(topic, records);
    const sequences = (key: string) => seen.filter((event) => event.key === key).map(({ sequence }) => sequence);

    it("hands each event to the handler of its type, in the order of its key, with the record it came in", async () => {
      await listen({ unknown: "park" });
      await publish(event(1n, "session.armed.v1"), event(2n, "session.armed.v1", OTHER_KEY), event(3n, "session.disarmed.v1"));
      await vi.waitFor(() => expect(seen).toHaveLength(3), PATIENCE);
      expect(sequences(KEY)).toEqual([1n, 3n]);
      expect(seen.find(({ sequence }) => sequence === 3n)?.type).toBe("session.disarmed.v1");
    });

    it("parks an unknown type with what follows it in its sequence, and not what stands beside", async () => {
      await listen({ unknown: "park" });
      await publish(event(1n, "session.unheard.v1"), event(2n, "session.armed.v1"), event(3n, "session.armed.v1", OTHER_KEY));
      await vi.waitFor(async () => expect(await lot.count(group)).toEqual({ sequences: 1, items: 2 }), PATIENCE);
      await vi.waitFor(() => expect(sequences(OTHER_KEY)).toEqual([3n]), PATIENCE);
      expect(sequences(KEY)).toEqual([]);
    });

    it("tells of an unknown type that it drops, and goes on", async () => {
      const dropped: string[] = [];
      await listen({ unknown: (type) => dropped.push(type) });
      await publish(event(1n, "session.unheard.v1"), event(2n, "session.armed.v1"));
      await vi.waitFor(() => expect(sequences(KEY)).toEqual([2n]), PATIENCE);
      expect(dropped).toEqual(["session.unheard.v1"]);
      expect(await lot.count(group)).toEqual({ sequences: 0, items: 0 });
    });

    it("parks what its handler can never handle, and what is no CloudEvent", async () => {
      poisoned = 1n;
      await listen({ unknown: "park" });
      await publish(event(1n, "session.armed.v1"), { key: OTHER_KEY, value: Buffer.from("no event"), headers: {} });
      await vi.waitFor(async () => expect(await lot.count(group)).toEqual({ sequences: 2, items: 2 }), PATIENCE);
      expect(seen).toEqual([]);
    });
  });
}

function event(sequence: bigint, type: string, key = KEY): LogRecord {
  const attributes = {
    specversion: "1.0",
    id: randomUUID(),
    source: "urn:interlock:permissions",
    type,
    sequence: formatSequence(sequence),
    data: {},
  };
  return { key, value: Buffer.from(JSON.stringify(attributes)), headers: { type } };
}
