import { type Reader, readsEverything } from "../domain/entry.js";
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

/** Entries in one read of a whole log: some megabytes. */
const CHUNK = 1_000n;

/** All lines of [from, to), the next read under way while one is sent. Ends early when the log does. */
export async function* ndjson(reading: Reading, reader: Reader, from: bigint, to: bigint): AsyncGenerator<Buffer> {
  const whole = readsEverything(reader);
  const step = whole ? CHUNK : BigInt(MAX_PAGE);
  const read = async (at: bigint): Promise<Lines> => {
    const limit = Number(to - at < step ? to - at : step);
    if (!whole) return linesFrom(reading, reader, at, limit);
    const { text, count } = await reading.lines(at, limit);
    return { bytes: Buffer.from(text), count, next: at + BigInt(count) };
  };
  let next = from < to ? read(from) : undefined;
  while (next !== undefined) {
    const lines = await next;
    if (lines.count === 0) return;
    next = lines.next < to ? read(lines.next) : undefined;
    // Awaited in the next turn; this keeps a failure from counting as unhandled while the reader is slow.
    next?.catch(() => undefined);
    yield lines.bytes;
  }
}
