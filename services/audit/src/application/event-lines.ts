import { type Reader, readsEverything } from "../domain/entry.js";
import { MAX_PAGE, type Reading } from "./reading.js";

/** An entry nobody but others may read, as one line: the same wherever it stands, so that exports made from streams agree. */
export function withheldLine(logIndex: bigint, leafHash: Buffer): string {
  return `{"logindex":"${logIndex}","withheld":true,"leafhash":"${leafHash.toString("hex")}"}`;
}

const NEWLINE = Buffer.from("\n");

/** Entries as NDJSON. */
interface Lines {
  readonly text: Buffer | string;
  readonly count: number;
}

/** One page of what `reader` sees from `from` on. */
async function linesFrom(reading: Reading, reader: Reader, from: bigint, limit: number): Promise<Lines> {
  const { entries } = await reading.page(reader, from, limit);
  const parts = entries.flatMap(({ withheld, logIndex, leafHash, bytes }) => [
    withheld ? Buffer.from(withheldLine(logIndex, leafHash)) : bytes,
    NEWLINE,
  ]);
  return { text: Buffer.concat(parts), count: entries.length };
}

/** Entries in one read of a whole log: some megabytes. */
const CHUNK = 1_000n;

/** Reads under way or waiting to be sent, so that the database is at work while a page is sent. */
const AHEAD = 3;

/** All lines of [from, to), the next reads under way while one is sent. Ends early when the log does. */
export async function* ndjson(reading: Reading, reader: Reader, from: bigint, to: bigint): AsyncGenerator<Buffer | string> {
  const whole = readsEverything(reader);
  const step = whole ? CHUNK : BigInt(MAX_PAGE);
  const read = async (start: bigint) => {
    const limit = Number(to - start < step ? to - start : step);
    // A whole page is text, as the driver gives it: the stream it goes to turns it into bytes.
    const page: Lines = whole ? await reading.lines(start, limit) : await linesFrom(reading, reader, start, limit);
    return { ...page, isFull: page.count === limit };
  };
  const pages: ReturnType<typeof read>[] = [];
  let at = from;
  const readAhead = () => {
    for (; pages.length < AHEAD && at < to; at += step) {
      const page = read(at);
      // Awaited in its turn; this keeps a failure from counting as unhandled while the reader is slow.
      page.catch(() => undefined);
      pages.push(page);
    }
  };
  readAhead();
  for (let page = await pages.shift(); page !== undefined; page = await pages.shift()) {
    if (page.isFull) readAhead();
    if (page.count > 0) yield page.text;
    // The log may have grown since: what comes after a page that is not full is not what follows on it.
    if (!page.isFull) return;
  }
}
