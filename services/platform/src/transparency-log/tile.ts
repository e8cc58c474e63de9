import { HASH_SIZE, nodeHash } from "./hash.js";
import { LogError } from "./log-error.js";

/** Hashes of a full tile (C2SP tlog-tiles): 8 levels of the tree. */
export const TILE_WIDTH = 256;
const TILE_HEIGHT = 8;

/** A tile of hashes, or with level "entries" a bundle of leaves. */
export interface TilePlace {
  /** 0 holds the hashes of leaves, 1 those of full tiles of level 0, and so on. */
  readonly level: number | "entries";
  readonly index: number;
  /** Hashes or entries in it, 1 to 256. */
  readonly width: number;
}

/** `tile/0/x001/x234/067` or `tile/entries/000.p/5`, as C2SP tlog-tiles names resources. */
export function tilePath({ level, index, width }: TilePlace): string {
  const groups: string[] = [];
  let rest = index;
  do {
    groups.unshift(String(rest % 1_000).padStart(3, "0"));
    rest = Math.floor(rest / 1_000);
  } while (rest > 0);
  const number = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join("/");
  return `tile/${level}/${number}${width === TILE_WIDTH ? "" : `.p/${width}`}`;
}

const PATH = /^tile\/(entries|[0-9]|[1-5][0-9]|6[0-3])\/((?:x[0-9]{3}\/){0,4}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

/** The place a path names, undefined when it names none or not in the one right way. */
export function parseTilePath(path: string): TilePlace | undefined {
  const [, level, number, partial] = PATH.exec(path) ?? [];
  if (level === undefined || number === undefined) return undefined;
  const index = Number(number.replaceAll(/[x/]/g, ""));
  const place = { level: level === "entries" ? ("entries" as const) : Number(level), index, width: Number(partial ?? TILE_WIDTH) };
  return tilePath(place) === path ? place : undefined;
}

/** Width of the tile `index` of `level` in a log of `size`; 0 when it does not exist yet. */
export function tileWidth(level: number | "entries", index: number, size: number): number {
  const hashes = level === "entries" ? size : Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}

/** Every tile (not bundle) of a log of `size` that a log of `from` leaves did not have in full. */
export function newTiles(from: number, size: number): readonly TilePlace[] {
  const places: TilePlace[] = [];
  for (let level = 0; Math.floor(size / TILE_WIDTH ** level) > 0; level++) {
    const before = Math.floor(from / TILE_WIDTH ** level);
    for (let index = Math.floor(before / TILE_WIDTH); tileWidth(level, index, size) > 0; index++) {
      const width = tileWidth(level, index, size);
      if (tileWidth(level, index, from) !== width) places.push({ level, index, width });
    }
  }
  return places;
}

/** Reads the tile at a place: `width` hashes of 32 bytes. */
export type TileReader = (level: number, index: number, width: number) => Promise<Buffer>;

/** Hash of the subtree at (level, index) of a log of `size`, from the tile that holds it or from what is below it there. */
export async function nodeFromTiles(read: TileReader, size: number, level: number, index: number): Promise<Buffer> {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const height = level % TILE_HEIGHT;
  const first = index * 2 ** height;
  const tileIndex = Math.floor(first / TILE_WIDTH);
  const width = tileWidth(tileLevel, tileIndex, size);
  const tile = await read(tileLevel, tileIndex, width);
  if (tile.length !== width * HASH_SIZE)
    throw new LogError("MALFORMED", `${tilePath({ level: tileLevel, index: tileIndex, width })} has ${tile.length} bytes`);
  const offset = first % TILE_WIDTH;
  if (offset + 2 ** height > width) throw new LogError("MISSING", `the log of ${size} has no subtree ${index} of level ${level}`);
  return subtree(tile.subarray(offset * HASH_SIZE, (offset + 2 ** height) * HASH_SIZE));
}

function subtree(hashes: Buffer): Buffer {
  if (hashes.length === HASH_SIZE) return Buffer.from(hashes);
  const half = hashes.length / 2;
  return nodeHash(subtree(hashes.subarray(0, half)), subtree(hashes.subarray(half)));
}
