import { createHash } from "node:crypto";
import type { JsonObject } from "../kernel/json.js";
import type { StoredEvent } from "./types.js";

/** Where an event was made. */
export interface ProducerEnvironment {
  readonly cluster: string;
  readonly service: string;
  readonly version: string;
}

/** What the sequencer adds to a stored event. */
export interface LogPlace {
  /** Dense position on the producer's log, from 1. */
  readonly position: bigint;
  /** SHA-256 of the bytes of the event before; 32 zero bytes for the first. */
  readonly previousHash: Buffer;
  readonly recordedTime: Date;
  /** 16 random bytes: a guessable event cannot be confirmed from its hash alone. */
  readonly salt: Uint8Array;
  /** On the first event of a batch: the producer's signature over the event before (see `chainMessage`). */
  readonly chainSignature?: string | undefined;
}

export interface CloudEventBytes {
  readonly value: Buffer;
  readonly headers: Record<string, string>;
  readonly hash: Buffer;
}

/** `sequence` of the CloudEvents sequence extension: 20 digits, so that text order is number order. */
export const formatSequence = (position: bigint): string => position.toString().padStart(20, "0");

/** CloudEvents `source` of a service's log. */
export const sourceOf = (service: string): string => `urn:interlock:${service}`;

const HIGH = /\.(denied|refused|revoked_externally|reverted|reorged|blind|conflict|forged)\.v/;
const WARN = 13;
const INFO = 9;

/**
 * The bytes of an event as they are published and hashed: CloudEvents 1.0, structured JSON, made once and never re-serialised.
 * Attributes as in the audit design; `severitynumber` as in OpenTelemetry logs.
 */
export function buildCloudEvent(event: StoredEvent, env: ProducerEnvironment, place: LogPlace): CloudEventBytes {
  const { metadata } = event;
  const source = sourceOf(env.service);
  const sequence = formatSequence(place.position);
  const own = { salt: Buffer.from(place.salt).toString("hex"), env: { ...env }, actor: { ...metadata.actor } };
  const envelope: JsonObject = {
    specversion: "1.0",
    id: event.id,
    source,
    type: event.type,
    subject: metadata.subject ?? event.stream,
    time: event.recordedAt,
    recordedtime: place.recordedTime.toISOString(),
    datacontenttype: "application/json",
    dataschema: `urn:interlock:schema:${event.type}`,
    sequence,
    sequencetype: "Integer",
    partitionkey: metadata.partitionKey,
    correlationid: metadata.correlationId,
    causationid: metadata.causationId,
    traceparent: metadata.traceparent,
    severitynumber: HIGH.test(event.type) ? WARN : INFO,
    dataclassification: "internal",
    stream: event.stream,
    streamversion: event.version,
    previoushash: place.previousHash.toString("hex"),
    chainsignature: place.chainSignature,
    // The envelope's own facts win over data of the same name.
    data: { ...own, ...event.data, ...own },
  };
  const value = Buffer.from(JSON.stringify(envelope));
  return {
    value,
    hash: createHash("sha256").update(value).digest(),
    headers: {
      "content-type": "application/cloudevents+json",
      id: event.id,
      source,
      type: event.type,
      sequence,
      ...(metadata.traceparent === undefined ? {} : { traceparent: metadata.traceparent }),
    },
  };
}
