import type { Pool } from "pg";

/** How far the watcher has read, kept over restarts, and which sightings were told already. */
export class WatchRepository {
  constructor(private readonly pool: Pool) {}

  /** The last block read on a chain, or undefined before the first. */
  async seen(chainId: number): Promise<bigint | undefined> {
    const { rows } = await this.pool.query<{ block: string }>("SELECT block FROM monitor.cursor WHERE chain_id = $1", [chainId]);
    return rows[0] === undefined ? undefined : BigInt(rows[0].block);
  }

  async advance(chainId: number, block: bigint): Promise<void> {
    const text = "INSERT INTO monitor.cursor (chain_id, block) VALUES ($1, $2) ON CONFLICT (chain_id) DO UPDATE SET block = excluded.block";
    await this.pool.query(text, [chainId, block.toString()]);
  }

  /** Revocations told so far. */
  async told(): Promise<number> {
    const { rows } = await this.pool.query<{ count: string }>("SELECT count(*) FROM monitor.event WHERE type = 'revocation.observed.v1'");
    return Number(rows[0]?.count ?? 0);
  }
}
