import { InterlockError } from "#platform/errors/interlock-error.js";
import { proveConsistency, proveInclusion, proveRange, type RangeProof } from "#platform/transparency-log/prove.js";
import { nodeFromTiles, type TilePlace, tilePath, tileWidth } from "#platform/transparency-log/tile.js";
import type { LogStorage } from "./log-storage.js";

/** Proofs and tiles of what is settled. */
export class Proving {
  constructor(private readonly storage: LogStorage) {}

  /** Bytes of a tile or bundle as C2SP tlog-tiles defines them; a narrower one than there is by now is served too. */
  async resource(place: TilePlace): Promise<Buffer> {
    const { size } = await this.storage.state();
    const { level, index, width } = place;
    if (width > tileWidth(level, index, size)) throw new InterlockError("NOT_FOUND", `the log has no ${tilePath(place)} yet`);
    return level === "entries" ? this.storage.bundle(index, width) : this.storage.tile(level, index, width);
  }

  async inclusion(index: number, size: number): Promise<readonly Buffer[]> {
    await this.require(index < size, size, `index must be below size, saw ${index}`);
    return proveInclusion(this.reader(size), index, size);
  }

  async consistency(from: number, size: number): Promise<readonly Buffer[]> {
    await this.require(from <= size, size, `from must be at most size, saw ${from}`);
    return proveConsistency(this.reader(size), from, size);
  }

  async range(begin: number, end: number, size: number): Promise<RangeProof> {
    await this.require(begin <= end && end <= size, size, `begin and end must be in order and at most size, saw ${begin} and ${end}`);
    return proveRange(this.reader(size), begin, end, size);
  }

  private async require(ordered: boolean, size: number, rule: string): Promise<void> {
    if (!ordered) throw new InterlockError("VALIDATION_FAILED", rule, { details: { field: "query", rule } });
    const settled = (await this.storage.state()).size;
    if (size > settled) {
      throw new InterlockError("NOT_FOUND", `the log has ${settled} entries, asked for ${size}`, { details: { size: String(settled) } });
    }
  }

  private reader(size: number) {
    return (level: number, index: number) =>
      nodeFromTiles((tileLevel, tileIndex, width) => this.storage.tile(tileLevel, tileIndex, width), size, level, index);
  }
}
