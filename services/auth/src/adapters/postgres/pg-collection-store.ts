import type { Hex } from "viem";
import { getAddress } from "viem";
import type { OwnerSignature } from "#platform/safe/owner-signatures.js";
import type { CollectionStore } from "../../application/ports/collection-store.js";
import type { Tx } from "../../application/ports/tx.js";
import { toBytes, toHexText } from "./hex-bytes.js";

/** Collections of owners' signatures in Postgres. */
export class PgCollectionStore implements CollectionStore {
  async isOpen(tx: Tx, messageHash: Hex, now: Date): Promise<boolean> {
    const sql = "SELECT 1 FROM auth.login_collection WHERE message_hash = $1 AND expires_at > $2 FOR UPDATE";
    return (await tx.query(sql, [toBytes(messageHash), now])).rowCount === 1;
  }

  async open(tx: Tx, messageHash: Hex, expiresAt: Date): Promise<void> {
    await tx.query("INSERT INTO auth.login_collection (message_hash, expires_at) VALUES ($1, $2)", [toBytes(messageHash), expiresAt]);
  }

  async addSignature(tx: Tx, messageHash: Hex, { owner, signature }: OwnerSignature): Promise<void> {
    await tx.query(
      `INSERT INTO auth.login_signature (message_hash, owner, signature) VALUES ($1, $2, $3)
       ON CONFLICT (message_hash, owner) DO UPDATE SET signature = EXCLUDED.signature`,
      [toBytes(messageHash), owner.toLowerCase(), toBytes(signature)],
    );
  }

  async signatures(tx: Tx, messageHash: Hex): Promise<readonly OwnerSignature[]> {
    const { rows } = await tx.query<{ owner: string; signature: Buffer }>(
      "SELECT owner, signature FROM auth.login_signature WHERE message_hash = $1 ORDER BY owner",
      [toBytes(messageHash)],
    );
    return rows.map((row) => ({ owner: getAddress(row.owner), signature: toHexText(row.signature) }));
  }

  async complete(tx: Tx, messageHash: Hex, now: Date): Promise<boolean> {
    const sql = "DELETE FROM auth.login_collection WHERE message_hash = $1 AND expires_at > $2";
    return (await tx.query(sql, [toBytes(messageHash), now])).rowCount === 1;
  }
}
