import type { Pool } from "pg";
import { withTransaction } from "#platform/database/with-client.js";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { encodeBundle } from "#platform/transparency-log/entry-bundle.js";
import { HASH_SIZE } from "#platform/transparency-log/hash.js";
import { TILE_WIDTH, tilePath } from "#platform/transparency-log/tile.js";
import type { LogStorage, TreeChange, TreeState } from "../application/log-storage.js";
import type { EntryRepository } from "./entry-repository.js";

/** The tree beside its entries, in one transaction with its checkpoint; bundles are made of the entries when asked for. */
export class PostgresLogStorage implements LogStorage {
  constructor(
    private readonly pool: Pool,
    private readonly entries: Pick<EntryRepository, "readExactly">,
  ) {}

  async state(): Promise<TreeState> {
    const { rows } = await this.pool.query<{ size: string; root: Buffer }>({
      name: "audit-tree",
      text: "SELECT size, root FROM audit.tree",
    });
    const [row] = rows;
    if (row === undefined) throw new InterlockError("POSITION_GAP", "the row of the audit tree is missing");
    return { size: Number(row.size), root: row.root };
  }

  async checkpoint(): Promise<Buffer | undefined> {
    const { rows } = await this.pool.query<{ note: Buffer | null }>("SELECT note FROM audit.tree");
    return rows[0]?.note ?? undefined;
  }

  async tile(level: number, index: number, width: number): Promise<Buffer> {
    const text = "SELECT hashes FROM audit.tile WHERE level = $1 AND index = $2";
    const { rows } = await this.pool.query<{ hashes: Buffer }>({ name: "audit-tile", text, values: [level, index] });
    const hashes = rows[0]?.hashes;
    if (hashes === undefined || hashes.length < width * HASH_SIZE) {
      throw new InterlockError("NOT_FOUND", `the log has no ${tilePath({ level, index, width })} yet`);
    }
    return hashes.subarray(0, width * HASH_SIZE);
  }

  async bundle(index: number, width: number): Promise<Buffer> {
    const entries = await this.entries.readExactly(BigInt(index * TILE_WIDTH), width);
    return encodeBundle(entries.map(({ bytes }) => bytes));
  }

  async commit({ from, size, root, tiles, note }: TreeChange): Promise<void> {
    await withTransaction(this.pool, async (client) => {
      const text = "UPDATE audit.tree SET size = $2, root = $3, note = $4 WHERE size = $1";
      const { rowCount } = await client.query({ name: "audit-tree-move", text, values: [from, size, root, note] });
      if (rowCount !== 1) throw new InterlockError("STALE_TERM", `the audit tree is not at ${from} any more`);
      if (tiles.length === 0) return;
      await client.query({
        name: "audit-tile-write",
        text: `INSERT INTO audit.tile (level, index, hashes) SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])
               ON CONFLICT (level, index) DO UPDATE SET hashes = EXCLUDED.hashes`,
        values: [tiles.map(({ level }) => level), tiles.map(({ index }) => index), tiles.map(({ hashes }) => hashes)],
      });
    });
  }
}
