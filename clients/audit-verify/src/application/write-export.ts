import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { RangeProof } from "#platform/transparency-log/prove.js";
import { LineReader } from "../adapters/line-reader.js";
import type { ConsistencyStep } from "../domain/consistency-file.js";
import { EXPORT_FORMAT, type ExportFile, type Manifest } from "../domain/manifest.js";
import { formatRangeProof } from "../domain/range-proof-file.js";
import { EntryReader } from "./entry-reader.js";

export interface ExportContent {
  readonly origin: string;
  /** NDJSON of the entries [begin, end), withheld ones as their stand-ins. */
  readonly lines: AsyncIterable<Buffer>;
  readonly proof: RangeProof;
  readonly checkpoint: Buffer;
  /** Verifier keys of the log. */
  readonly keys: readonly string[];
  readonly consistency?: readonly ConsistencyStep[];
  /** More files by name: schemas/..., anchors.json. */
  readonly more?: Readonly<Record<string, string | Buffer>>;
  /** Plain instead of packed. */
  readonly plain?: boolean;
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Writes an export folder and returns its manifest. */
export async function writeExport(folder: string, content: ExportContent): Promise<Manifest> {
  await mkdir(folder, { recursive: true });
  const { proof, origin, consistency = [], more = {} } = content;
  const reader = new EntryReader({ begin: proof.begin });
  const events = await writeEvents(folder, content, reader);
  const steps = consistency.map(({ from, root, hashes }) => ({
    from,
    root: root.toString("base64"),
    hashes: hashes.map((hash) => hash.toString("base64")),
  }));
  const files: Record<string, string | Buffer> = {
    "range.proof": formatRangeProof(proof),
    "leaf-hashes.bin": reader.leafHashes,
    checkpoint: content.checkpoint,
    "keys.txt": content.keys.map((key) => `${key}\n`).join(""),
    ...(steps.length === 0 ? {} : { "consistency.json": JSON.stringify(steps) }),
    ...more,
  };
  const listed: ExportFile[] = [events];
  for (const [name, text] of Object.entries(files)) {
    const bytes = Buffer.from(text);
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
    listed.push({ name, bytes: bytes.length, sha256: sha256(bytes) });
  }
  const { begin, end, size } = proof;
  const manifest: Manifest = { format: EXPORT_FORMAT, origin, begin, end, size, withheld: reader.withheld, files: listed };
  await writeFile(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

async function writeEvents(folder: string, { lines, plain = false }: ExportContent, reader: EntryReader): Promise<ExportFile> {
  const name = plain ? "events.ndjson" : "events.ndjson.gz";
  const path = join(folder, name);
  const cut = new LineReader(reader.line);
  const watched = Readable.from(
    (async function* () {
      for await (const chunk of lines) {
        cut.push(chunk);
        yield chunk;
      }
    })(),
    { objectMode: false },
  );
  await (plain ? pipeline(watched, createWriteStream(path)) : pipeline(watched, createGzip(), createWriteStream(path)));
  cut.end();
  return { name, bytes: (await stat(path)).size };
}
