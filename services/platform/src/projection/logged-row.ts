import pg from "pg";
import type { AppendMetadata } from "../event-store/types.js";
import type { JsonObject } from "../kernel/json.js";
import type { LoggedEvent } from "./projection.js";

/** A row of the log joined with its event, each column as the text the server sends. */
export interface LoggedRow {
  readonly position: string;
  readonly stream: string;
  readonly version: string;
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  readonly recorded_at: string;
}

const parseTime = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ);

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
    return Number(this.row.version);
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
    return new Date(parseTime(this.row.recorded_at)).toISOString();
  }
}

/** All fields of `event` as an object that can be spread. */
export function plainEvent(event: LoggedEvent): LoggedEvent {
  const { id, stream, version, type, data, metadata, recordedAt, position } = event;
  return { id, stream, version, type, data, metadata, recordedAt, position };
}
