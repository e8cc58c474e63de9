import type pg from "pg";
import type { Hex } from "viem";
import type { LedgerEntry } from "../../domain/ledger/judge-repeat.js";
import { bytea, hex } from "./key-row.js";

export interface NewLedgerEntry extends Omit<LedgerEntry, "signature"> {
  readonly keyRef: string;
  readonly nonce: string;
  readonly executionId: string;
}

export interface UsedTicket {
  readonly jti: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

interface EntryRow {
  readonly digest: Buffer;
  readonly generation: number;
  readonly deadline: string;
  readonly signature: Buffer | null;
}

/** The signing ledger: one digest per nonce, one use per ticket. Called inside the transaction that holds the key's row lock. */
export class LedgerRepository {
  async find(tx: pg.PoolClient, keyRef: string, nonce: string): Promise<LedgerEntry | undefined> {
    const { rows } = await tx.query<EntryRow>(
      "SELECT digest, generation, deadline::text AS deadline, signature FROM vault.signature WHERE key_ref = $1 AND nonce = $2",
      [keyRef, nonce],
    );
    const row = rows[0];
    if (row === undefined) return undefined;
    const { digest, generation, deadline, signature } = row;
    return { digest: hex(digest), generation, deadline: BigInt(deadline), signature: signature === null ? undefined : hex(signature) };
  }

  async add(tx: pg.PoolClient, entry: NewLedgerEntry, at: Date): Promise<void> {
    await tx.query(
      `INSERT INTO vault.signature (key_ref, nonce, digest, execution_id, deadline, generation, counted_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [entry.keyRef, entry.nonce, bytea(entry.digest), entry.executionId, String(entry.deadline), entry.generation, at],
    );
  }

  async storeSignature(tx: pg.PoolClient, keyRef: string, nonce: string, signature: Hex): Promise<void> {
    await tx.query("UPDATE vault.signature SET signature = $3 WHERE key_ref = $1 AND nonce = $2", [keyRef, nonce, bytea(signature)]);
  }

  /** Uses tickets up for `digest`; the jti of the first one that was used for another key or digest, else undefined. */
  async useTickets(tx: pg.PoolClient, keyRef: string, digest: Hex, tickets: readonly UsedTicket[]): Promise<string | undefined> {
    const jtis = tickets.map(({ jti }) => jti);
    const expiries = tickets.map(({ expiresAt }) => new Date(expiresAt * 1000));
    await tx.query(
      `INSERT INTO vault.ticket (jti, key_ref, digest, expires_at)
       SELECT jti, $2, $3, expires_at FROM unnest($1::text[], $4::timestamptz[]) AS t (jti, expires_at) ORDER BY jti
       ON CONFLICT (jti) DO NOTHING`,
      [jtis, keyRef, bytea(digest), expiries],
    );
    const { rows } = await tx.query<{ jti: string }>(
      "SELECT jti FROM vault.ticket WHERE jti = ANY ($1) AND NOT (key_ref = $2 AND digest = $3) LIMIT 1",
      [jtis, keyRef, bytea(digest)],
    );
    return rows[0]?.jti;
  }

  /** Forgets tickets that expired: their signature check refuses them now. Returns how many. */
  async forgetTickets(pool: pg.Pool, before: Date): Promise<number> {
    return (await pool.query("DELETE FROM vault.ticket WHERE expires_at < $1", [before])).rowCount ?? 0;
  }
}
