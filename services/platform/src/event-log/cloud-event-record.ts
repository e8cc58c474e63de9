import { isJsonObject, type JsonObject, parseJsonObject } from "../kernel/json.js";

/** A CloudEvent as a consumer sees it; attributes that are not needed to route it stay in `attributes`. */
export interface CloudEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** Position on the producer's log: with `source`, what a consumer drops duplicates by. */
  readonly sequence: bigint;
  readonly data: JsonObject;
  readonly attributes: JsonObject;
}

/** The CloudEvent in `bytes`, or undefined when they hold none with a gapless sequence. */
export function parseCloudEvent(bytes: Buffer): CloudEvent | undefined {
  const attributes = parseJsonObject(bytes.toString("utf8"));
  if (attributes === undefined) return undefined;
  const { specversion, id, source, type, sequence, data } = attributes;
  if (specversion !== "1.0" || typeof id !== "string" || typeof source !== "string" || typeof type !== "string") return undefined;
  if (typeof sequence !== "string" || !/^[0-9]{20}$/.test(sequence) || !isJsonObject(data)) return undefined;
  return { id, source, type, sequence: BigInt(sequence), data, attributes };
}
