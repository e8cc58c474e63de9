import type { Reader } from "../domain/entry.js";
import { MAX_PAGE, type Reading } from "./reading.js";

/** An entry nobody but others may read, as one line: the same wherever it stands, so that exports made from streams agree. */
export function withheldLine(logIndex: bigint, leafHash: Buffer): string {
  return `{"logindex":"${logIndex}","withheld":true,"leafhash":"${leafHash.toString("hex")}"}`;
}

/** Up to a page of entries as NDJSON, and the index after it. */
export interface Lines {
  readonly bytes: Buffer;
  readonly count: number;
  readonly next: bigint;
}

const NEWLINE = Buffer.from("\n");

/** One page of what `reader` sees from `from` on. */
export async function linesFrom(reading: Reading, reader: Reader, from: bigint, limit = MAX_PAGE): Promise<Lines> {
  const page = await reading.page(reader, from, limit);
  const parts = page.entries.flatMap(({ withheld, logIndex, leafHash, bytes }) => [
    withheld ? Buffer.from(withheldLine(logIndex, leafHash)) : bytes,
    NEWLINE,
  ]);
  return { bytes: Buffer.concat(parts), count: page.entries.length, next: page.next };
}

/** All lines of [from, to) as they can be had, a page at a time. Ends early when the log does. */
export async function* ndjson(reading: Reading, reader: Reader, from: bigint, to: bigint): AsyncGenerator<Buffer> {
  for (let at = from; at < to; ) {
    const room = to - at;
    const lines = await linesFrom(reading, reader, at, room < BigInt(MAX_PAGE) ? Number(room) : MAX_PAGE);
    if (lines.count === 0) return;
    yield lines.bytes;
    at = lines.next;
  }
}
