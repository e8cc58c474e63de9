import type { ReceivedRecord } from "#platform/event-log/event-log.js";
import type { Logger } from "#platform/logging/logger.js";
import type { Conflict, Refusals } from "../adapters/entry-intake.js";
import type { EntryRepository } from "../adapters/entry-repository.js";
import { type PublishedEvent, readPublishedEvent } from "../domain/published-event.js";
import { GatheredIntake } from "./gathered-intake.js";

export interface IngestMetrics {
  readonly conflicts: { inc(labels: { source: string }): void };
  readonly forged: { inc(labels: { source: string }): void };
}

/** Writes what was refused into the log itself; once, however often it is delivered. */
export interface RecordRefusals {
  conflict(conflict: Conflict): Promise<void>;
  forged(event: PublishedEvent): Promise<void>;
}

/**
 * Sequences what the services published. A redelivered event is skipped; one that came with other bytes before is a conflict: the first
 * bytes stay. One that its producer did not sign is forged, and stays out. Both raise an alarm.
 */
export class Ingest {
  private readonly intake: GatheredIntake;

  constructor(
    entries: Pick<EntryRepository, "append">,
    private readonly metrics: IngestMetrics,
    private readonly logger: Logger,
    private readonly record?: RecordRefusals,
  ) {
    this.intake = new GatheredIntake(entries);
  }

  /** Stores a batch before it is acknowledged. @throws InterlockError VALIDATION_FAILED for bytes that are no event: the log parks them. */
  async handle(batch: readonly ReceivedRecord[]): Promise<void> {
    await this.refuse(await this.intake.append(batch.map(({ value, headers }) => readPublishedEvent(value, headers))));
  }

  /** Tells everybody what did not enter, and keeps its bytes. */
  async refuse({ conflicts, forged }: Refusals): Promise<void> {
    for (const conflict of conflicts) {
      const { event, storedHash } = conflict;
      await this.record?.conflict(conflict);
      this.metrics.conflicts.inc({ source: event.source });
      const seen = { source: event.source, sequence: event.sequence.toString(), storedHash, seenHash: event.leafHash.toString("hex") };
      this.logger.error(seen, "audit conflict: same source and sequence, other bytes");
    }
    for (const event of forged) {
      await this.record?.forged(event);
      this.metrics.forged.inc({ source: event.source });
      const seen = { source: event.source, sequence: event.sequence.toString(), leafHash: event.leafHash.toString("hex") };
      this.logger.error(seen, "forged event: no producer signed it");
    }
  }
}
