import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { crc32, createInflateRaw } from "node:zlib";
import { LogError } from "#platform/transparency-log/log-error.js";

const HEADER = 10;
const TRAILER = 8;

/**
 * The content of a gzip file of exactly one member without extra fields (RFC 1952): what the usual readers do with bytes behind the
 * first member, or with a second one, is how appended entries went unnoticed elsewhere.
 * @throws LogError MALFORMED, TRUNCATED, MODIFIED or TRAILING
 */
export async function* gunzipOne(path: string): AsyncGenerator<Buffer> {
  const file = await open(path);
  const { size } = await file.stat();
  const header = Buffer.alloc(HEADER);
  await file.read(header, 0, HEADER, 0);
  if (size < HEADER + TRAILER || header.readUInt16BE(0) !== 0x1f8b || header[2] !== 8 || header[3] !== 0) {
    await file.close();
    throw new LogError("MALFORMED", "the events are no gzip file of one plain member");
  }
  const inflate = createInflateRaw();
  createReadStream(path, { start: HEADER, highWaterMark: 1024 * 1024 })
    .on("error", (error) => inflate.destroy(error))
    .pipe(inflate);
  let crc = 0;
  let bytes = 0;
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      crc = crc32(chunk, crc);
      bytes += chunk.length;
      yield chunk;
    }
  } catch (error) {
    if (error instanceof LogError) throw error;
    const cut = error instanceof Error && "code" in error && error.code === "Z_BUF_ERROR";
    throw new LogError(
      cut ? "TRUNCATED" : "MODIFIED",
      `the events cannot be unpacked: ${error instanceof Error ? error.message : "an error"}`,
    );
  } finally {
    await file.close();
  }
  await checkEnd(path, { size, consumed: HEADER + inflate.bytesWritten, crc, bytes });
}

interface End {
  readonly size: number;
  readonly consumed: number;
  readonly crc: number;
  readonly bytes: number;
}

async function checkEnd(path: string, { size, consumed, crc, bytes }: End): Promise<void> {
  if (consumed + TRAILER > size) throw new LogError("TRUNCATED", "the gzip member of the events has no end");
  if (consumed + TRAILER < size)
    throw new LogError("TRAILING", `${size - consumed - TRAILER} bytes stand behind the gzip member of the events`);
  const file = await open(path);
  const trailer = Buffer.alloc(TRAILER);
  await file.read(trailer, 0, TRAILER, consumed);
  await file.close();
  if (trailer.readUInt32LE(0) !== crc || trailer.readUInt32LE(4) !== bytes % 2 ** 32) {
    throw new LogError("MODIFIED", "the checksum of the gzip member does not hold");
  }
}
