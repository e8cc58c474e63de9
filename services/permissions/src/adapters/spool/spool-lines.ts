import { createHash } from "node:crypto";
import { z } from "zod";
import type { UnrecordedStop } from "../../application/stops.js";

const text = z.string();
const actor = z.strictObject({
  type: z.enum(["user", "agent", "service", "operator", "chain"]),
  id: text,
  onBehalfOf: text.exactOptional(),
  authMethod: text.exactOptional(),
});
const stop = z.strictObject({
  sessionId: z.uuid(),
  command: z.strictObject({
    kind: z.enum(["disarm", "forfeit"]),
    reason: text,
    initiator: text,
    at: z.int(),
    spooled: z.literal(true).exactOptional(),
  }),
  origin: z.strictObject({ actor, correlationId: text, partitionKey: text }),
});

const digestOf = (previous: string, body: string) => createHash("sha256").update(previous).update(body).digest("hex");

/** A stop as one line: SHA-256 over the line before's and its own JSON, then the JSON. */
export function encodeLine(value: UnrecordedStop, previous: string): { readonly bytes: Buffer; readonly digest: string } {
  const body = JSON.stringify(value);
  const digest = digestOf(previous, body);
  return { bytes: Buffer.from(`${digest} ${body}\n`), digest };
}

export interface SpoolContent {
  readonly stops: readonly UnrecordedStop[];
  /** Bytes of the whole lines; what follows is torn. */
  readonly length: number;
  readonly digest: string;
}

/** Reads up to the first line that is not whole or not in the chain. */
export function readLines(content: Buffer): SpoolContent {
  const stops: UnrecordedStop[] = [];
  let [length, digest] = [0, ""];
  for (let end = content.indexOf("\n"); end !== -1; end = content.indexOf("\n", length)) {
    const line = content.subarray(length, end).toString("utf8");
    const body = line.slice(65);
    if (line.slice(0, 64) !== digestOf(digest, body)) break;
    stops.push(toStop(body));
    digest = line.slice(0, 64);
    length = end + 1;
  }
  return { stops, length, digest };
}

function toStop(body: string): UnrecordedStop {
  return stop.parse(JSON.parse(body));
}
