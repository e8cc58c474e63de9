import type { EventLog, LogRecord } from "#platform/event-log/event-log.js";
import type { EntryRepository } from "../adapters/entry-repository.js";
import type { Entry } from "../domain/entry.js";

/** The outgoing topic: one partition, every entry in order, never compacted. */
export const AUDIT_TOPIC = "audit.v1";

const toRecord = ({ logIndex, bytes }: Entry): LogRecord => ({
  key: "audit",
  value: bytes,
  headers: { logindex: logIndex.toString(), "content-type": "application/cloudevents+json; charset=utf-8" },
});

/** Forwards stored entries to the outgoing topic, bytes unchanged, the position beside them in a header. */
export class Publisher {
  constructor(
    private readonly entries: EntryRepository,
    private readonly log: EventLog,
  ) {}

  /** Publishes one batch; returns how many entries went out. */
  publishOnce(limit: number): Promise<number> {
    return this.entries.publishNext(limit, (batch) => this.log.publish(AUDIT_TOPIC, batch.map(toRecord)));
  }
}
