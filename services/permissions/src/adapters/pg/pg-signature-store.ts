import type pg from "pg";
import type { Address, Hex } from "viem";
import { identifier } from "#platform/database/identifier.js";
import { withClient } from "#platform/database/with-client.js";
import type { SignatureStore } from "../../application/signature-store.js";

/** Owners' signatures in Postgres; the latest of one owner counts. */
export class PgSignatureStore implements SignatureStore {
  readonly #table: string;

  constructor(
    private readonly pool: pg.Pool,
    schema: string,
  ) {
    this.#table = `${identifier(schema)}.grant_signature`;
  }

  async add(sessionId: string, owner: Address, signature: Hex): Promise<void> {
    const text = `INSERT INTO ${this.#table} (session_id, owner, signature) VALUES ($1, $2, $3)
      ON CONFLICT (session_id, owner) DO UPDATE SET signature = $3`;
    await withClient(this.pool, (client) => client.query(text, [sessionId, owner, signature]));
  }

  of(sessionId: string): Promise<readonly { readonly owner: Address; readonly signature: Hex }[]> {
    const text = `SELECT owner, signature FROM ${this.#table} WHERE session_id = $1 ORDER BY owner`;
    return withClient(this.pool, async (client) => (await client.query<{ owner: Address; signature: Hex }>(text, [sessionId])).rows);
  }
}
