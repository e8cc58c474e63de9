import { MAX_LEAF_BYTES } from "#platform/transparency-log/hash.js";
import { LogError } from "#platform/transparency-log/log-error.js";

const NEWLINE = 0x0a;
const ROOM = 1024 * 1024;

/**
 * Called for each line, bytes[start, end) without its newline. The byte before `start` is the callee's to overwrite: a leaf's prefix
 * goes there, so that hashing a line copies nothing.
 */
export type OnLine = (bytes: Buffer, start: number, end: number) => void;

/** Cuts a stream into lines. */
export class LineReader {
  readonly #work = Buffer.allocUnsafe(ROOM);
  /** Bytes in use: [1, #filled); the byte at 0 is the free one before the first line. */
  #filled = 1;
  #lines = 0;

  constructor(private readonly onLine: OnLine) {}

  /** @throws LogError MODIFIED for a line that is longer than any entry */
  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      const take = Math.min(chunk.length - at, ROOM - this.#filled);
      chunk.copy(this.#work, this.#filled, at, at + take);
      at += take;
      this.#filled += take;
      this.#cut();
    }
  }

  /** @throws LogError TRUNCATED when the last line has no newline */
  end(): void {
    if (this.#filled > 1) throw new LogError("TRUNCATED", "the last line has no end");
  }

  #cut(): void {
    const used = this.#work.subarray(0, this.#filled);
    let start = 1;
    for (let end = used.indexOf(NEWLINE, start); end !== -1; end = used.indexOf(NEWLINE, start)) {
      if (end - start > MAX_LEAF_BYTES) throw this.#tooLong();
      this.onLine(used, start, end);
      this.#lines += 1;
      start = end + 1;
    }
    if (this.#filled - start > MAX_LEAF_BYTES) throw this.#tooLong();
    this.#work.copy(this.#work, 1, start, this.#filled);
    this.#filled = this.#filled - start + 1;
  }

  #tooLong(): LogError {
    return new LogError("MODIFIED", `line ${this.#lines + 1} is longer than any entry`, this.#lines);
  }
}
