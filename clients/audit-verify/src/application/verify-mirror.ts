import { openCheckpoint, type SignedCheckpoint } from "#platform/transparency-log/checkpoint.js";
import { decodeBundle } from "#platform/transparency-log/entry-bundle.js";
import { HASH_SIZE } from "#platform/transparency-log/hash.js";
import { LogError } from "#platform/transparency-log/log-error.js";
import { newTiles, TILE_WIDTH, tilePath, tileWidth } from "#platform/transparency-log/tile.js";
import { TreeBuilder } from "#platform/transparency-log/tree-builder.js";
import { locateFault } from "../domain/locate-fault.js";
import type { Finding, Report } from "../domain/verdict.js";
import { EntryReader } from "./entry-reader.js";
import { judge, sizesSeen } from "./judge.js";
import type { Mirror } from "./mirror.js";
import { failed, reported } from "./report.js";
import type { VerifyOptions } from "./verify-export.js";

/** Verifies a whole mirror: every entry is hashed again and every tile compared with what the entries give. */
export async function verifyMirror(mirror: Mirror, options: VerifyOptions): Promise<Report> {
  let place: { origin: string; begin: number; end: number; size: number } | undefined;
  try {
    const [key] = options.keys;
    if (key === undefined) throw new LogError("BAD_SIGNATURE", "a mirror has no keys of its own; give --key");
    const checkpoint = openCheckpoint(await mirror.read("checkpoint"), key.name, options.keys);
    place = { origin: checkpoint.origin, begin: 0, end: checkpoint.size, size: checkpoint.size };
    return await verifyAll(mirror, checkpoint, place, options);
  } catch (error) {
    if (error instanceof LogError) return failed(error, place);
    throw error;
  }
}

async function verifyAll(
  mirror: Mirror,
  checkpoint: SignedCheckpoint,
  place: { origin: string; begin: number; end: number; size: number },
  options: VerifyOptions,
): Promise<Report> {
  const rootsAt = sizesSeen(options);
  const reader = new EntryReader({ begin: 0, rootsAt, ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }) });
  const builder = TreeBuilder.empty();
  for (let index = 0; tileWidth("entries", index, checkpoint.size) > 0; index++) {
    const width = tileWidth("entries", index, checkpoint.size);
    await readBundle(mirror, reader, index, width);
    const hashes = reader.leafHashes.subarray(index * TILE_WIDTH * HASH_SIZE);
    const logged = await mirror.read(tilePath({ level: 0, index, width }));
    const fault = locateFault(hashes, logged, index * TILE_WIDTH);
    if (fault !== undefined)
      throw new LogError(kindOf(fault), `the entries are not those of ${tilePath({ level: 0, index, width })}`, fault.index ?? 0);
    const from = builder.size;
    const { tiles } = builder.append(
      Array.from({ length: width }, (_, i) => Buffer.from(hashes.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE))),
    );
    const upper = new Map(tiles.map((tile) => [tilePath(tile), tile.hashes]));
    for (const tile of newTiles(from, builder.size)) {
      // Narrower tiles than the last of a level need not be kept by a mirror.
      if (tile.level === 0 || tile.level === "entries" || tile.width !== tileWidth(tile.level, tile.index, checkpoint.size)) continue;
      const path = tilePath(tile);
      if (!upper.get(path)?.equals(await mirror.read(path)))
        throw new LogError("MODIFIED", `${path} is not what is below it`, index * TILE_WIDTH);
    }
  }
  if (!builder.root().equals(checkpoint.root)) throw new LogError("MODIFIED", "the entries do not lead to the signed root");
  const irregular = reader.producers.findings.filter(({ kind }) => kind !== "PRODUCER_GAP");
  if (irregular.length > 0) return reported({ manifest: place, checkpoint, reader, findings: irregular });
  const judgement = await judge(checkpoint, options, (size) => Promise.resolve(reader.roots.get(size)));
  const findings: readonly Finding[] = [...judgement.findings, ...reader.producers.findings];
  return reported({ manifest: place, checkpoint, reader, ...judgement, findings });
}

/** What was done to a bundle that is whole: what is cut off or added at its end is another thing there than in a file. */
function kindOf({ kind }: Finding): "MISSING" | "REORDERED" | "DUPLICATE" | "MODIFIED" {
  return kind === "MISSING" || kind === "REORDERED" || kind === "DUPLICATE" ? kind : "MODIFIED";
}

async function readBundle(mirror: Mirror, reader: EntryReader, index: number, width: number): Promise<void> {
  const path = tilePath({ level: "entries", index, width });
  let leaves: readonly Buffer[];
  try {
    leaves = decodeBundle(await mirror.read(path), width);
  } catch (error) {
    if (error instanceof LogError) throw new LogError(error.fault, `${path}: ${error.message}`, index * TILE_WIDTH);
    throw error;
  }
  for (const leaf of leaves) {
    const line = Buffer.concat([Buffer.alloc(1), leaf]);
    reader.line(line, 1, line.length);
  }
}
