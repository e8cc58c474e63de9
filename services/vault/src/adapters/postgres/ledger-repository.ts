import type pg from "pg";
import type { Hex } from "viem";
import type { LedgerEntry } from "../../domain/ledger/judge-repeat.js";
import { bytea, hex } from "./key-row.js";

export interface NewLedgerEntry extends Omit<LedgerEntry, "signature"> {
  readonly keyRef: string;
  readonly nonce: string;
  readonly executionId: string;
}

/** A ticket that is used up, for ever, for one digest of one key. */
export interface UsedTicket {
  readonly jti: string;
  readonly keyRef: string;
  readonly digest: Hex;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/** A nonce of one key. */
export interface NonceOfKey {
  readonly keyRef: string;
  readonly nonce: string;
}

interface EntryRow {
  readonly key_ref: string;
  readonly nonce: string;
  readonly digest: Buffer;
  readonly generation: number;
  readonly deadline: string;
  readonly signature: Buffer | null;
}

/** The signing ledger: one digest per nonce, one use per ticket. Called inside the transaction that holds the key's row lock. */
export class LedgerRepository {
  /** What the ledger holds under the nonces of these keys, by key and then by nonce. */
  async find(tx: pg.PoolClient, slots: readonly NonceOfKey[]): Promise<ReadonlyMap<string, ReadonlyMap<string, LedgerEntry>>> {
    const { rows } = await tx.query<EntryRow>({
      name: "vault_ledger_find",
      text: `SELECT s.key_ref, s.nonce::text AS nonce, digest, generation, deadline::text AS deadline, signature
        FROM vault.signature s JOIN unnest($1::uuid[], $2::numeric[]) AS n (key_ref, nonce) ON s.key_ref = n.key_ref AND s.nonce = n.nonce`,
      values: [slots.map(({ keyRef }) => keyRef), slots.map(({ nonce }) => nonce)],
    });
    const found = new Map<string, Map<string, LedgerEntry>>();
    for (const { key_ref: keyRef, nonce, digest, generation, deadline, signature } of rows) {
      const entries = found.get(keyRef) ?? new Map<string, LedgerEntry>();
      found.set(keyRef, entries);
      const made = signature === null ? undefined : hex(signature);
      entries.set(nonce, { digest: hex(digest), generation, deadline: BigInt(deadline), signature: made });
    }
    return found;
  }

  async add(tx: pg.PoolClient, entries: readonly NewLedgerEntry[], at: Date): Promise<void> {
    if (entries.length === 0) return;
    await tx.query({
      name: "vault_ledger_add",
      text: `INSERT INTO vault.signature (key_ref, nonce, digest, execution_id, deadline, generation, counted_at)
        SELECT key_ref, nonce, digest, execution_id, deadline, generation, $7
        FROM unnest($1::uuid[], $2::numeric[], $3::bytea[], $4::text[], $5::numeric[], $6::integer[])
          AS e (key_ref, nonce, digest, execution_id, deadline, generation)`,
      values: [
        entries.map(({ keyRef }) => keyRef),
        entries.map(({ nonce }) => nonce),
        entries.map(({ digest }) => bytea(digest)),
        entries.map(({ executionId }) => executionId),
        entries.map(({ deadline }) => String(deadline)),
        entries.map(({ generation }) => generation),
        at,
      ],
    });
  }

  async storeSignatures(tx: pg.PoolClient, signed: readonly (NonceOfKey & { readonly signature: Hex })[]): Promise<void> {
    if (signed.length === 0) return;
    await tx.query({
      name: "vault_ledger_store",
      text: `UPDATE vault.signature s SET signature = n.signature
        FROM unnest($1::uuid[], $2::numeric[], $3::bytea[]) AS n (key_ref, nonce, signature)
        WHERE s.key_ref = n.key_ref AND s.nonce = n.nonce`,
      values: [signed.map(({ keyRef }) => keyRef), signed.map(({ nonce }) => nonce), signed.map(({ signature }) => bytea(signature))],
    });
  }

  /** What the tickets among `jtis` that were used before were used for, by jti. */
  async usedTickets(
    tx: pg.PoolClient,
    jtis: readonly string[],
  ): Promise<ReadonlyMap<string, { readonly keyRef: string; readonly digest: Hex }>> {
    const { rows } = await tx.query<{ jti: string; key_ref: string; digest: Buffer }>({
      name: "vault_tickets_used",
      text: "SELECT jti, key_ref, digest FROM vault.ticket WHERE jti = ANY ($1)",
      values: [jtis],
    });
    return new Map(rows.map(({ jti, key_ref: keyRef, digest }) => [jti, { keyRef, digest: hex(digest) }]));
  }

  /** Uses tickets up; false when somebody else used one of them meanwhile: then the transaction has to be given up. */
  async useTickets(tx: pg.PoolClient, tickets: readonly UsedTicket[]): Promise<boolean> {
    if (tickets.length === 0) return true;
    const { rowCount } = await tx.query({
      name: "vault_tickets_use",
      text: `INSERT INTO vault.ticket (jti, key_ref, digest, expires_at)
        SELECT jti, key_ref, digest, expires_at FROM unnest($1::text[], $2::uuid[], $3::bytea[], $4::timestamptz[])
          AS t (jti, key_ref, digest, expires_at) ORDER BY jti
        ON CONFLICT (jti) DO NOTHING`,
      values: [
        tickets.map(({ jti }) => jti),
        tickets.map(({ keyRef }) => keyRef),
        tickets.map(({ digest }) => bytea(digest)),
        tickets.map(({ expiresAt }) => new Date(expiresAt * 1000)),
      ],
    });
    return rowCount === tickets.length;
  }

  /** Forgets tickets that expired: their signature check refuses them now. Returns how many. */
  async forgetTickets(pool: pg.Pool, before: Date): Promise<number> {
    return (await pool.query("DELETE FROM vault.ticket WHERE expires_at < $1", [before])).rowCount ?? 0;
  }
}
