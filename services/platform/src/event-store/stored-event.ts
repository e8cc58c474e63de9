import type { JsonObject } from "../kernel/json.js";
import type { AppendMetadata, StoredEvent } from "./types.js";

/** A row of the event table as `pg` parses it. */
export interface EventRow {
  readonly stream: string;
  readonly version: number;
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
  readonly metadata: AppendMetadata;
  readonly recorded_at: Date;
}

/** The event in a row. */
export function toStoredEvent(row: EventRow): StoredEvent {
  return {
    id: row.id,
    stream: row.stream,
    version: row.version,
    type: row.type,
    data: row.data,
    metadata: row.metadata,
    recordedAt: row.recorded_at.toISOString(),
  };
}
