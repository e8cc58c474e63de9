import type { Tile } from "#platform/transparency-log/tree-builder.js";

/** How far the tree has been built. */
export interface TreeState {
  readonly size: number;
  readonly root: Buffer;
}

/** What one step adds to the stored tree. */
export interface TreeChange extends TreeState {
  /** Size the tree had before. */
  readonly from: number;
  readonly tiles: readonly Tile[];
  /** The signed checkpoint of the new size. */
  readonly note: Buffer;
}

/**
 * Where the tree is kept: Postgres or a volume. The entries themselves stand in Postgres either way; the tree is derived from them and
 * can be built anew, its checkpoints can not be taken back.
 */
export interface LogStorage {
  state(): Promise<TreeState>;
  /** The newest signed checkpoint of the log, undefined before the first. */
  checkpoint(): Promise<Buffer | undefined>;
  /** Hashes of a tile. @throws InterlockError NOT_FOUND when the log is not that far */
  tile(level: number, index: number, width: number): Promise<Buffer>;
  /** Leaves as an entry bundle. @throws InterlockError NOT_FOUND when the log is not that far, LOG_PRUNED when they were deleted */
  bundle(index: number, width: number): Promise<Buffer>;
  /**
   * Stores the tiles, then the checkpoint that names them; a reader of the checkpoint finds every tile of it, whenever the power fails.
   * @throws InterlockError STALE_TERM when the tree is not at `from` any more
   */
  commit(change: TreeChange): Promise<void>;
}
