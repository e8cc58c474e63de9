import type { AppendMetadata } from "../event-store/types.js";
import type { JsonObject } from "../kernel/json.js";
import type { LoggedEvent } from "./projection.js";

/** A row of the log joined with its event; JSON and time still as text. */
export interface LoggedRow {
  readonly position: string;
  readonly stream: string;
  readonly version: number;
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  readonly recorded_ms: string;
}

/** An event that parses what is asked of it: most projections read few fields, and a rebuild reads everything ever stored. */
export class LazyEvent implements LoggedEvent {
  #data: JsonObject | undefined;
  #metadata: AppendMetadata | undefined;

  constructor(
    private readonly row: LoggedRow,
    readonly position: bigint,
  ) {}

  get id(): string {
    return this.row.id;
  }
  get stream(): string {
    return this.row.stream;
  }
  get version(): number {
    return this.row.version;
  }
  get type(): string {
    return this.row.type;
  }
  get data(): JsonObject {
    this.#data ??= JSON.parse(this.row.data) as JsonObject;
    return this.#data;
  }
  get metadata(): AppendMetadata {
    this.#metadata ??= JSON.parse(this.row.metadata) as AppendMetadata;
    return this.#metadata;
  }
  get recordedAt(): string {
    return new Date(Number(this.row.recorded_ms)).toISOString();
  }
}

/** All fields of `event` as an object that can be spread. */
export function plainEvent(event: LoggedEvent): LoggedEvent {
  const { id, stream, version, type, data, metadata, recordedAt, position } = event;
  return { id, stream, version, type, data, metadata, recordedAt, position };
}
