import { CompactRange } from "./compact-range.js";
import { HASH_SIZE } from "./hash.js";
import { readCompactRange } from "./prove.js";
import { newTiles, nodeFromTiles, TILE_WIDTH, type TilePlace, type TileReader, tileWidth } from "./tile.js";

/** A tile and its bytes. */
export interface Tile extends TilePlace {
  readonly level: number;
  readonly hashes: Buffer;
}

/** What appending leaves changes. */
export interface Growth {
  readonly size: number;
  readonly root: Buffer;
  /** Every tile that is new or wider than before. */
  readonly tiles: readonly Tile[];
}

/**
 * A log's tree as it grows. Holds the right edge only: what an append costs does not depend on the size of the log.
 */
export class TreeBuilder {
  private constructor(
    private readonly range: CompactRange,
    /** Hashes of the unfinished tile of each level. */
    private readonly edge: Buffer[][],
  ) {}

  /** A tree of `size` leaves whose tiles `read` gives. */
  static async open(read: TileReader, size: number): Promise<TreeBuilder> {
    const range = await readCompactRange((level, index) => nodeFromTiles(read, size, level, index), size);
    const edge: Buffer[][] = [];
    for (let level = 0; Math.floor(size / TILE_WIDTH ** level) > 0; level++) {
      const index = Math.floor(Math.floor(size / TILE_WIDTH ** level) / TILE_WIDTH);
      const width = tileWidth(level, index, size);
      edge.push(width === 0 ? [] : split(await read(level, index, width)));
    }
    return new TreeBuilder(range, edge);
  }

  /** A log without leaves. */
  static empty(): TreeBuilder {
    return new TreeBuilder(new CompactRange(), []);
  }

  get size(): number {
    return this.range.end;
  }

  root(): Buffer {
    return this.range.root();
  }

  /** Adds leaves by their hashes and says what is to be stored. */
  append(leafHashes: readonly Buffer[]): Growth {
    const from = this.size;
    const full = new Map<string, Buffer>();
    for (const hash of leafHashes) {
      this.range.appendLeaf(hash, ({ level, index, hash: node }) => {
        if (level % 8 !== 0) return;
        const tileLevel = level / 8;
        const hashes = this.edge[tileLevel] ?? [];
        this.edge[tileLevel] = hashes;
        hashes.push(node);
        if (hashes.length < TILE_WIDTH) return;
        full.set(`${tileLevel} ${Math.floor(index / TILE_WIDTH)}`, Buffer.concat(hashes));
        this.edge[tileLevel] = [];
      });
    }
    const tiles = newTiles(from, this.size).map(({ level, index, width }): Tile => {
      if (level === "entries") throw new TypeError("newTiles names no bundles");
      return { level, index, width, hashes: full.get(`${level} ${index}`) ?? Buffer.concat(this.edge[level] ?? []) };
    });
    return { size: this.size, root: this.root(), tiles };
  }
}

function split(hashes: Buffer): Buffer[] {
  return Array.from({ length: hashes.length / HASH_SIZE }, (_, i) => Buffer.from(hashes.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE)));
}
