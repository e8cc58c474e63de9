import type { ReceivedRecord } from "#platform/event-log/event-log.js";
import type { Logger } from "#platform/logging/logger.js";
import type { Conflict, EntryRepository } from "../adapters/entry-repository.js";
import { type PublishedEvent, readPublishedEvent } from "../domain/published-event.js";

export interface IngestMetrics {
  readonly conflicts: { inc(labels: { source: string }): void };
}

/** Writes a conflict into the log itself; once, however often it is delivered. */
export type RecordConflict = (conflict: Conflict) => Promise<void>;

/**
 * Sequences what the services published. A redelivered event is skipped; one that came with other bytes before is a conflict:
 * the first bytes stay, an alarm is raised.
 */
export class Ingest {
  constructor(
    private readonly entries: EntryRepository,
    private readonly metrics: IngestMetrics,
    private readonly logger: Logger,
    private readonly record: RecordConflict = () => Promise.resolve(),
  ) {}

  /** Stores a batch before it is acknowledged. @throws InterlockError VALIDATION_FAILED for bytes that are no event: the log parks them. */
  async handle(batch: readonly ReceivedRecord[]): Promise<void> {
    const events: PublishedEvent[] = batch.map(({ value }) => readPublishedEvent(value));
    for (const conflict of await this.entries.append(events)) {
      const { event, storedHash } = conflict;
      await this.record(conflict);
      this.metrics.conflicts.inc({ source: event.source });
      const seen = { source: event.source, sequence: event.sequence.toString(), storedHash, seenHash: event.leafHash.toString("hex") };
      this.logger.error(seen, "audit conflict: same source and sequence, other bytes");
    }
  }
}
