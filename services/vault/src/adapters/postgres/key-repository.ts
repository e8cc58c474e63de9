import type pg from "pg";
import type { Hex } from "viem";
import { withClient } from "#platform/database/with-client.js";
import type { KeyRecord } from "../../domain/envelope/key-record.js";
import type { KeyState, SessionKey } from "../../domain/key/session-key.js";
import { usageToJson } from "../../domain/ledger/usage-json.js";
import { bytea, type KeyRow, toSessionKey } from "./key-row.js";

/** The vault's own count of one key, and the version of its stream's last event. */
export interface KeyCount {
  readonly keyRef: string;
  readonly usage: SessionKey["usage"];
  readonly streamVersion: number;
}

/** Encrypted keys in vault.session_key. Every change of a key happens under its row lock. */
export class KeyRepository {
  constructor(private readonly pool: pg.Pool) {}

  /** The key as it stands, without a lock. */
  find(keyRef: string): Promise<SessionKey | undefined> {
    return withClient(this.pool, (client) => one(client, "vault_key", "WHERE key_ref = $1", keyRef));
  }

  /** The key of a session, if one was made. */
  findBySession(sessionId: string): Promise<SessionKey | undefined> {
    return withClient(this.pool, (client) => one(client, "vault_key_of_session", "WHERE session_id = $1", sessionId));
  }

  /** The key, locked until `tx` ends: whoever signs or disarms it meanwhile waits. */
  lock(tx: pg.PoolClient, keyRef: string): Promise<SessionKey | undefined> {
    return one(tx, "vault_key_lock", "WHERE key_ref = $1 FOR NO KEY UPDATE", keyRef);
  }

  /**
   * Those of `keyRefs` that exist, locked until `tx` ends, by key_ref; always locked in one order, so that no two callers wait for each
   * other in a circle.
   * @param wait false: a key that somebody else has locked is left out rather than waited for
   */
  async lockAll(tx: pg.PoolClient, keyRefs: readonly string[], wait: boolean): Promise<ReadonlyMap<string, SessionKey>> {
    const lock = wait ? "" : " SKIP LOCKED";
    const { rows } = await tx.query<KeyRow>({
      name: `vault_key_lock_all${wait ? "" : "_free"}`,
      text: `SELECT ${COLUMNS} FROM vault.session_key WHERE key_ref = ANY ($1::uuid[]) ORDER BY key_ref FOR NO KEY UPDATE${lock}`,
      values: [keyRefs],
    });
    return new Map(rows.map((row) => [row.key_ref, toSessionKey(row)]));
  }

  async insert(tx: pg.PoolClient, { record, address, state, generation, usage, streamVersion }: SessionKey, at: Date): Promise<void> {
    const { keyRef, sessionId, account, chainId, module, owners, threshold } = record;
    const identity = [keyRef, sessionId, account, chainId, module, owners, threshold, record.generation, bytea(record.pubkey), address];
    const life = [state, generation, usageToJson(usage), streamVersion, at];
    const { v, alg, provider } = record;
    await tx.query(
      `INSERT INTO vault.session_key (key_ref, session_id, account, chain_id, module, owners, threshold, key_gen, pubkey, address,
         v, alg, provider, kek_version, dek_salt, dek_iv, wrapped_dek, iv, encrypted_key, commitment, floor_hash,
         state, generation, usage, stream_version, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)`,
      [...identity, v, alg, provider, ...layers(record), ...life],
    );
  }

  /** Replaces the encrypted layers by those with the floor's hash in their AAD. */
  async seal(tx: pg.PoolClient, record: KeyRecord, sealed: NonNullable<SessionKey["sealed"]>, streamVersion: number): Promise<void> {
    const { floor, policyId, policyHash } = sealed;
    await tx.query(
      `UPDATE vault.session_key SET kek_version = $2, dek_salt = $3, dek_iv = $4, wrapped_dek = $5, iv = $6, encrypted_key = $7,
         commitment = $8, floor_hash = $9, provider = $10, state = 'sealed', floor = $11, policy_id = $12, policy_hash = $13, stream_version = $14
       WHERE key_ref = $1`,
      [record.keyRef, ...layers(record), record.provider, floor, policyId, policyHash, streamVersion],
    );
  }

  /** Stores counts and how far the streams have come. */
  async countAll(tx: pg.PoolClient, counts: readonly KeyCount[]): Promise<void> {
    if (counts.length === 0) return;
    await tx.query({
      name: "vault_key_count_all",
      text: `UPDATE vault.session_key k SET usage = n.usage, stream_version = n.stream_version
        FROM unnest($1::uuid[], $2::jsonb[], $3::integer[]) AS n (key_ref, usage, stream_version) WHERE k.key_ref = n.key_ref`,
      values: [
        counts.map(({ keyRef }) => keyRef),
        counts.map(({ usage }) => JSON.stringify(usageToJson(usage))),
        counts.map(({ streamVersion }) => streamVersion),
      ],
    });
  }

  async setStreamVersion(tx: pg.PoolClient, keyRef: string, streamVersion: number): Promise<void> {
    await tx.query("UPDATE vault.session_key SET stream_version = $2 WHERE key_ref = $1", [keyRef, streamVersion]);
  }

  async setState(keyRef: string, from: readonly KeyState[], to: KeyState): Promise<void> {
    const text = "UPDATE vault.session_key SET state = $3 WHERE key_ref = $1 AND state = ANY ($2)";
    await withClient(this.pool, (client) => client.query(text, [keyRef, from, to]));
  }

  /** Overwrites both encrypted layers and deletes every stored signature; returns how many rows lost their content. */
  async destroy(tx: pg.PoolClient, keyRef: string, generation: number, streamVersion: number): Promise<number> {
    const key = await tx.query(
      `UPDATE vault.session_key SET state = 'disarmed', generation = $2, stream_version = $3,
         wrapped_dek = '', encrypted_key = '', dek_salt = '', dek_iv = '', iv = '', commitment = ''
       WHERE key_ref = $1`,
      [keyRef, generation, streamVersion],
    );
    const signatures = await tx.query("UPDATE vault.signature SET signature = NULL WHERE key_ref = $1 AND signature IS NOT NULL", [keyRef]);
    return (key.rowCount ?? 0) + (signatures.rowCount ?? 0);
  }
}

function layers(record: KeyRecord): readonly (number | Buffer)[] {
  const parts: readonly Hex[] = [
    record.dekSalt,
    record.dekIv,
    record.wrappedDek,
    record.iv,
    record.encryptedKey,
    record.commitment,
    record.floorHash,
  ];
  return [record.kekVersion, ...parts.map(bytea)];
}

/** Columns are named: a statement that is planned once per connection must not change its shape when a column is added. */
const COLUMNS = `key_ref, session_id, account, chain_id, module, owners, threshold, key_gen, pubkey, address, v, alg, provider, kek_version,
  dek_salt, dek_iv, wrapped_dek, iv, encrypted_key, commitment, floor_hash, state, generation, floor, policy_id, policy_hash, usage, stream_version`;

async function one(client: pg.PoolClient, name: string, where: string, value: string): Promise<SessionKey | undefined> {
  const { rows } = await client.query<KeyRow>({ name, text: `SELECT ${COLUMNS} FROM vault.session_key ${where}`, values: [value] });
  return rows[0] === undefined ? undefined : toSessionKey(rows[0]);
}
