import type pg from "pg";
import { withClient } from "#platform/database/with-client.js";
import type { WrappedDek } from "../../domain/envelope/key-record.js";
import type { RequestOf } from "../../signer-core/protocol/operations.js";
import { bytea, hex } from "./key-row.js";

export type RewrapRow = RequestOf<"rewrap">["rows"][number];

export interface RewrapState {
  readonly state: "none" | "running" | "paused" | "done";
  readonly targetVersion: number;
  readonly total: number;
  readonly rowsPerSecond: number;
}

interface StateRow {
  readonly state: RewrapState["state"];
  readonly target_version: number;
  readonly total: number;
  readonly rows_per_second: number;
}

const LEASE_SECONDS = 10;

/** The rewrap and the rows it works on. */
export class RewrapRepository {
  constructor(private readonly pool: pg.Pool) {}

  async state(): Promise<RewrapState> {
    const { rows } = await this.#query<StateRow>("SELECT state, target_version, total, rows_per_second FROM vault.rewrap");
    const [row] = rows;
    if (row === undefined) throw new Error("vault.rewrap has lost its row");
    return { state: row.state, targetVersion: row.target_version, total: row.total, rowsPerSecond: row.rows_per_second };
  }

  async begin(targetVersion: number, total: number, rowsPerSecond: number): Promise<void> {
    const text = "UPDATE vault.rewrap SET state = 'running', target_version = $1, total = $2, rows_per_second = $3";
    await this.#query(text, [targetVersion, total, rowsPerSecond]);
  }

  /** Goes from one state into another; false when it was in neither. */
  async move(from: RewrapState["state"], to: RewrapState["state"]): Promise<boolean> {
    const { rowCount } = await this.#query("UPDATE vault.rewrap SET state = $2 WHERE state = $1", [from, to]);
    return rowCount === 1;
  }

  /** True while `worker` is the one replica that works on it. */
  async lease(worker: string): Promise<boolean> {
    const { rowCount } = await this.#query(
      `UPDATE vault.rewrap SET worker = $1, lease_until = now() + interval '${LEASE_SECONDS} seconds'
       WHERE state = 'running' AND (worker = $1 OR lease_until IS NULL OR lease_until < now())`,
      [worker],
    );
    return rowCount === 1;
  }

  /** Up to `limit` living keys behind `after` that are wrapped under an older version than `target`. */
  async batch(target: number, after: string, limit: number): Promise<readonly RewrapRow[]> {
    const { rows } = await this.#query<{
      key_ref: string;
      account: `0x${string}`;
      key_gen: number;
      provider: string;
      kek_version: number;
      dek_salt: Buffer;
      dek_iv: Buffer;
      wrapped_dek: Buffer;
      commitment: Buffer;
    }>(
      `SELECT key_ref, account, key_gen, provider, kek_version, dek_salt, dek_iv, wrapped_dek, commitment FROM vault.session_key
       WHERE state IN ('generated', 'sealed') AND kek_version < $1 AND key_ref > $2 ORDER BY key_ref LIMIT $3`,
      [target, after, limit],
    );
    return rows.map((row) => ({
      keyRef: row.key_ref,
      account: row.account,
      generation: row.key_gen,
      provider: row.provider,
      kekVersion: row.kek_version,
      dekSalt: hex(row.dek_salt),
      dekIv: hex(row.dek_iv),
      wrappedDek: hex(row.wrapped_dek),
      commitment: hex(row.commitment),
    }));
  }

  /**
   * Replaces the data-key layers of rows that still are what was read (compare and swap). A row that somebody is signing with is left for
   * the next round rather than waited for. Returns how many were replaced.
   */
  async replace(rows: readonly (readonly [seen: RewrapRow, next: WrappedDek])[]): Promise<number> {
    const columns = [
      rows.map(([{ keyRef }]) => keyRef),
      rows.map(([{ kekVersion }]) => kekVersion),
      rows.map(([{ wrappedDek }]) => bytea(wrappedDek)),
      rows.map(([, { provider }]) => provider),
      rows.map(([, { kekVersion }]) => kekVersion),
      rows.map(([, { dekSalt }]) => bytea(dekSalt)),
      rows.map(([, { dekIv }]) => bytea(dekIv)),
      rows.map(([, { wrappedDek }]) => bytea(wrappedDek)),
    ];
    const { rowCount } = await this.#query(
      `WITH next AS (
         SELECT * FROM unnest($1::uuid[], $2::int[], $3::bytea[], $4::text[], $5::int[], $6::bytea[], $7::bytea[], $8::bytea[])
           AS n (key_ref, seen_version, seen_dek, provider, kek_version, dek_salt, dek_iv, wrapped_dek)
       ), free AS (
         SELECT k.key_ref FROM vault.session_key AS k JOIN next AS n USING (key_ref)
         WHERE k.kek_version = n.seen_version AND k.wrapped_dek = n.seen_dek FOR NO KEY UPDATE OF k SKIP LOCKED
       )
       UPDATE vault.session_key AS k SET provider = n.provider, kek_version = n.kek_version, dek_salt = n.dek_salt, dek_iv = n.dek_iv,
         wrapped_dek = n.wrapped_dek FROM next AS n JOIN free USING (key_ref) WHERE k.key_ref = n.key_ref`,
      columns,
    );
    return rowCount ?? 0;
  }

  #query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<pg.QueryResult<Row>> {
    return withClient(this.pool, (client) => client.query<Row>(text, [...values]));
  }
}
