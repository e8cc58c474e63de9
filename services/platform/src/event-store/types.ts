import type { JsonObject } from "../kernel/json.js";

/** An event that has been decided but not yet stored. */
export interface NewEvent {
  /** Name with its major version, for example `session.armed.v1`. */
  readonly type: string;
  readonly data: JsonObject;
}

/** Who caused an event. */
export interface Actor {
  readonly type: "user" | "agent" | "service" | "operator" | "chain";
  readonly id: string;
  readonly onBehalfOf?: string;
  readonly authMethod?: string;
}

/** What is true of every event of one append. */
export interface AppendMetadata {
  readonly correlationId: string;
  readonly causationId?: string;
  /** W3C trace context of the command. */
  readonly traceparent?: string;
  readonly actor: Actor;
  /** What the event is about, for example the session id. */
  readonly subject?: string;
  /** `${chainId}:${account}`: all events with the same key keep their order on the log. */
  readonly partitionKey: string;
}

/** An event as it stands in its stream. */
export interface StoredEvent {
  /** UUIDv7. */
  readonly id: string;
  readonly stream: string;
  /** 1 for the first event of a stream, without gaps. */
  readonly version: number;
  readonly type: string;
  readonly data: JsonObject;
  readonly metadata: AppendMetadata;
  /** RFC 3339, UTC. */
  readonly recordedAt: string;
}
