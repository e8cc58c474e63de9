import type pg from "pg";
import { withClient } from "#platform/database/with-client.js";

export interface KekLimitsRow {
  readonly activeVersion: number;
  readonly minDecryptVersion: number;
  readonly destroyed: readonly number[];
  readonly streamVersion: number;
}

interface Row {
  readonly active_version: number;
  readonly min_decrypt_version: number;
  readonly destroyed: number[];
  readonly stream_version: number;
}

const LIVING = "state IN ('generated', 'sealed')";

/** What operators decided about KEK versions, and which rows need which. */
export class KekRepository {
  constructor(private readonly pool: pg.Pool) {}

  limits(): Promise<KekLimitsRow> {
    return withClient(this.pool, (client) => read(client, ""));
  }

  /** The limits, locked until `tx` ends: one operator's decision after the other. */
  lock(tx: pg.PoolClient): Promise<KekLimitsRow> {
    return read(tx, "FOR UPDATE");
  }

  async save(tx: pg.PoolClient, { activeVersion, minDecryptVersion, destroyed, streamVersion }: KekLimitsRow): Promise<void> {
    await tx.query("UPDATE vault.kek_limits SET active_version = $1, min_decrypt_version = $2, destroyed = $3, stream_version = $4", [
      activeVersion,
      minDecryptVersion,
      destroyed,
      streamVersion,
    ]);
  }

  /** Living keys per version. */
  async rowsByVersion(): Promise<ReadonlyMap<number, number>> {
    const text = `SELECT kek_version, count(*)::int AS rows FROM vault.session_key WHERE ${LIVING} GROUP BY kek_version`;
    const { rows } = await withClient(this.pool, (client) => client.query<{ kek_version: number; rows: number }>(text));
    return new Map(rows.map(({ kek_version: version, rows: count }) => [version, count]));
  }

  /** Living keys below a version. */
  async countBelow(version: number): Promise<number> {
    const text = `SELECT count(*)::int AS rows FROM vault.session_key WHERE ${LIVING} AND kek_version < $1`;
    const { rows } = await withClient(this.pool, (client) => client.query<{ rows: number }>(text, [version]));
    return rows[0]?.rows ?? 0;
  }

  /** Living keys that need exactly `version`: how many, and the first hundred. */
  async orphans(version: number): Promise<{ readonly count: number; readonly first: readonly string[] }> {
    const text = `SELECT key_ref, count(*) OVER ()::int AS total FROM vault.session_key WHERE ${LIVING} AND kek_version = $1 ORDER BY key_ref LIMIT 100`;
    const { rows } = await withClient(this.pool, (client) => client.query<{ key_ref: string; total: number }>(text, [version]));
    return { count: rows[0]?.total ?? 0, first: rows.map(({ key_ref: keyRef }) => keyRef) };
  }
}

async function read(client: pg.PoolClient, lock: "" | "FOR UPDATE"): Promise<KekLimitsRow> {
  const { rows } = await client.query<Row>(
    `SELECT active_version, min_decrypt_version, destroyed, stream_version FROM vault.kek_limits ${lock}`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error("vault.kek_limits has lost its row");
  const { active_version: activeVersion, min_decrypt_version: minDecryptVersion, destroyed, stream_version: streamVersion } = row;
  return { activeVersion, minDecryptVersion, destroyed, streamVersion };
}
