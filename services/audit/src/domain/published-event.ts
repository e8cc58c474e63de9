import { isUtf8 } from "node:buffer";
import { hash } from "node:crypto";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { isJsonObject, type JsonObject } from "#platform/kernel/json.js";
import { leafHash, MAX_LEAF_BYTES } from "#platform/transparency-log/hash.js";

/** Largest event in bytes: what an entry bundle can carry, and within what CloudEvents intermediaries must. */
export const MAX_EVENT_BYTES = MAX_LEAF_BYTES;

/** What the log needs to know of an event; the bytes themselves are never written anew. */
export interface PublishedEvent {
  readonly bytes: Buffer;
  readonly id: string;
  /** Who produced it; with `sequence` it names the event for ever. */
  readonly source: string;
  /** The producer's own gapless count, 1 for its first event. */
  readonly sequence: bigint;
  readonly type: string;
  /** `chainId:account`, lower case: whose event it is. */
  readonly partitionKey: string;
  /** Hash of the bytes as a leaf of the log (RFC 6962). */
  readonly leafHash: Buffer;
  /** SHA-256 of the bytes, hex: what the producer's next event and its signatures name. */
  readonly hash: string;
  /** What this event says the hash of the producer's event before it is. */
  readonly previousHash: string | undefined;
  /** The producer's signature over the event before, in the first event of a batch. */
  readonly chainSignature: string | undefined;
  /** The producer's signature over this event, beside the last event of a batch; a header, no part of the bytes. */
  readonly headSignature: string | undefined;
}

/** Headers of a record that are looked at. */
export interface RecordHeaders {
  readonly chainhead?: string | undefined;
}

function attribute(event: JsonObject, name: string): string {
  const value = event[name];
  if (typeof value === "string" && value !== "") return value;
  throw malformed(name, "must be a non-empty string");
}

/** An attribute of ours that an event of somebody else need not have. */
function optional(event: JsonObject, name: string): string | undefined {
  const value = event[name];
  return typeof value === "string" ? value : undefined;
}

function malformed(field: string, rule: string, cause?: unknown): InterlockError {
  return new InterlockError("VALIDATION_FAILED", `event.${field}: ${rule}`, { details: { field, rule }, cause });
}

/**
 * Reads the attributes of a CloudEvent 1.0 in structured JSON. An unknown `type` is fine: it is carried like any other.
 * @throws InterlockError VALIDATION_FAILED when the bytes are no CloudEvent of ours.
 */
export function readPublishedEvent(bytes: Buffer, headers: RecordHeaders = {}): PublishedEvent {
  if (bytes.length > MAX_EVENT_BYTES) throw malformed("bytes", `must be at most ${MAX_EVENT_BYTES}, saw ${bytes.length}`);
  // One event is one line wherever it is written: NDJSON, a mirror, an export.
  if (bytes.includes(0x0a) || bytes.includes(0x0d)) throw malformed("bytes", "must be one line");
  if (!isUtf8(bytes)) throw malformed("bytes", "must be UTF-8");
  const event = parse(bytes);
  if (event.specversion !== "1.0") throw malformed("specversion", "must be 1.0");
  const sequence = attribute(event, "sequence");
  if (!/^[0-9]{20}$/.test(sequence)) throw malformed("sequence", "must be 20 digits");
  return {
    bytes,
    id: attribute(event, "id"),
    source: attribute(event, "source"),
    sequence: BigInt(sequence),
    type: attribute(event, "type"),
    partitionKey: attribute(event, "partitionkey").toLowerCase(),
    leafHash: leafHash(bytes),
    hash: hash("sha256", bytes, "hex"),
    previousHash: optional(event, "previoushash"),
    chainSignature: optional(event, "chainsignature"),
    headSignature: headers.chainhead,
  };
}

function parse(bytes: Buffer): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw malformed("bytes", "must be JSON", cause);
  }
  if (!isJsonObject(value)) throw malformed("bytes", "must be a JSON object");
  return value;
}
