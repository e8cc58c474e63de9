import { openCheckpoint } from "#platform/transparency-log/checkpoint.js";
import { HASH_SIZE, leafHash } from "#platform/transparency-log/hash.js";
import { LogError } from "#platform/transparency-log/log-error.js";
import { LineReader, type OnLine } from "../adapters/line-reader.js";
import { readChunks } from "../adapters/read-chunks.js";
import { parseDumpLine } from "../domain/dump-line.js";
import type { Finding, Report } from "../domain/verdict.js";
import { brokenLink } from "./broken-link.js";
import { EntryReader } from "./entry-reader.js";
import { judge, sizesSeen } from "./judge.js";
import { failed, reported } from "./report.js";
import type { VerifyOptions } from "./verify-export.js";

/**
 * Verifies a dump of the topic `audit.v1` from its first record on, against a checkpoint. A record may come twice, as Kafka may deliver
 * it twice; entries behind the checkpoint's size are not yet signed for and are left out.
 */
export async function verifyDump(path: string, checkpointBytes: Buffer, options: VerifyOptions): Promise<Report> {
  let place: { origin: string; begin: number; end: number; size: number } | undefined;
  try {
    const [key] = options.keys;
    if (key === undefined) throw new LogError("BAD_SIGNATURE", "a dump has no keys of its own; give --key");
    const checkpoint = openCheckpoint(checkpointBytes, key.name, options.keys);
    place = { origin: checkpoint.origin, begin: 0, end: checkpoint.size, size: checkpoint.size };
    const rootsAt = sizesSeen(options);
    const reader = new EntryReader({ begin: 0, rootsAt, ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }) });
    await readDump(path, entriesOf(reader, checkpoint.size));
    if (reader.end < checkpoint.size) throw new LogError("TRUNCATED", `records from ${reader.end} on are missing`, reader.end);
    if (!reader.range.root().equals(checkpoint.root)) {
      const again = (onLine: OnLine) => {
        const read = new EntryReader({ begin: 0 });
        return readDump(path, entriesOf(read, checkpoint.size, onLine));
      };
      const index = reader.producers.findings[0]?.index ?? (await brokenLink(again, 0));
      throw new LogError("MODIFIED", "the records do not lead to the signed root", index);
    }
    const judgement = await judge(checkpoint, options, (size) => Promise.resolve(reader.roots.get(size)));
    const findings: readonly Finding[] = [...judgement.findings, ...reader.producers.findings];
    return reported({ manifest: place, checkpoint, reader, ...judgement, findings });
  } catch (error) {
    if (error instanceof LogError) return failed(error, place);
    throw error;
  }
}

async function readDump(path: string, onLine: OnLine): Promise<void> {
  const lines = new LineReader(onLine);
  for await (const chunk of readChunks(path)) lines.push(chunk);
  lines.end();
}

/** Hands the records of the first `size` entries on, each once and in order. */
function entriesOf(reader: EntryReader, size: number, also?: OnLine): OnLine {
  return (bytes, lineStart, end) => {
    const { index, start } = parseDumpLine(bytes, lineStart, end);
    if (index >= size) return;
    if (index > reader.end) throw new LogError("MISSING", `the dump goes from ${reader.end - 1} to ${index}`, reader.end);
    if (index < reader.end) {
      const known = reader.leafHashes.subarray(index * HASH_SIZE, (index + 1) * HASH_SIZE);
      if (!leafHash(bytes.subarray(start, end)).equals(known))
        throw new LogError("DUPLICATE", `record ${index} came twice with other bytes`, index);
      return;
    }
    also?.(bytes, start, end);
    reader.line(bytes, start, end);
  };
}
