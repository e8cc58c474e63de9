import { InterlockError } from "#platform/errors/interlock-error.js";
import { parseCheckpoint } from "#platform/transparency-log/checkpoint.js";
import { encodeBundle } from "#platform/transparency-log/entry-bundle.js";
import { EMPTY_ROOT, HASH_SIZE } from "#platform/transparency-log/hash.js";
import { TILE_WIDTH, type TilePlace, tilePath, tileWidth } from "#platform/transparency-log/tile.js";
import type { DurableFiles } from "../application/durable-files.js";
import type { LogStorage, TreeChange, TreeState } from "../application/log-storage.js";
import type { Entry } from "../domain/entry.js";

const CHECKPOINT = "checkpoint";

/** Bytes of sequenced entries, settled or not. */
export interface EntryBytes {
  unsettled(from: bigint, count: number): Promise<readonly Pick<Entry, "bytes">[]>;
}

/**
 * The log as files in the layout of C2SP tlog-tiles, entries included: the folder is a mirror that any web server can serve. Tiles and
 * bundles are written and synced first; the checkpoint that names them replaces the old one last, so that whenever the power fails the
 * checkpoint there is whole.
 */
export class VolumeLogStorage implements LogStorage {
  constructor(
    private readonly files: DurableFiles,
    private readonly entries: EntryBytes,
  ) {}

  async state(): Promise<TreeState> {
    const note = await this.checkpoint();
    return note === undefined ? { size: 0, root: EMPTY_ROOT } : parseCheckpoint(note);
  }

  checkpoint(): Promise<Buffer | undefined> {
    return this.files.read(CHECKPOINT);
  }

  async tile(level: number, index: number, width: number): Promise<Buffer> {
    return (await this.widest({ level, index, width })).subarray(0, width * HASH_SIZE);
  }

  async bundle(index: number, width: number): Promise<Buffer> {
    const bytes = await this.widest({ level: "entries", index, width });
    let end = 0;
    for (let i = 0; i < width; i++) end += 2 + bytes.readUInt16BE(end);
    return bytes.subarray(0, end);
  }

  async commit({ from, size, tiles, note }: TreeChange): Promise<void> {
    const state = await this.state();
    if (state.size !== from) throw new InterlockError("STALE_TERM", `the audit tree is at ${state.size}, not at ${from}`);
    const paths: string[] = [];
    for (const tile of tiles) {
      paths.push(tilePath(tile));
      await this.files.write(tilePath(tile), tile.hashes);
    }
    for (let index = Math.floor(from / TILE_WIDTH); tileWidth("entries", index, size) > 0; index++) {
      const width = tileWidth("entries", index, size);
      if (tileWidth("entries", index, from) === width) continue;
      const entries = await this.entries.unsettled(BigInt(index * TILE_WIDTH), width);
      const path = tilePath({ level: "entries", index, width });
      paths.push(path);
      await this.files.write(path, encodeBundle(entries.map(({ bytes }) => bytes)));
    }
    for (const path of paths) await this.files.syncFolder(path);
    await this.files.write(`${CHECKPOINT}.new`, note);
    await this.files.rename(`${CHECKPOINT}.new`, CHECKPOINT);
    await this.files.syncFolder(CHECKPOINT);
  }

  /** The resource, or a wider one in its place: narrower ones need not be kept. */
  private async widest(place: TilePlace): Promise<Buffer> {
    const { size } = await this.state();
    const now = tileWidth(place.level, place.index, size);
    if (place.width > now) throw new InterlockError("NOT_FOUND", `the log has no ${tilePath(place)} yet`);
    for (const width of new Set([place.width, now])) {
      const bytes = await this.files.read(tilePath({ ...place, width }));
      if (bytes !== undefined) return bytes;
    }
    throw new InterlockError("POSITION_GAP", `the volume has lost ${tilePath(place)}`);
  }
}
