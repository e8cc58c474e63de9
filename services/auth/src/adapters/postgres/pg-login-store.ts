import type pg from "pg";
import { withClient } from "#platform/database/with-client.js";
import type { LoginStore } from "../../application/ports/login-store.js";
import type { Tx } from "../../application/ports/tx.js";
import type { ContractProof, EndReason, LoginRecord } from "../../domain/login-record.js";
import type { RefreshToken } from "../../domain/refresh-rotation.js";
import { toBytes } from "./hex-bytes.js";
import { LOGIN_COLUMNS, type LoginRow, toLogin } from "./login-row.js";

/** Logins and refresh tokens in Postgres. */
export class PgLoginStore implements LoginStore {
  constructor(private readonly pool: pg.Pool) {}

  async insert(tx: Tx, login: LoginRecord, webSessionHash?: Buffer): Promise<void> {
    await tx.query(
      `INSERT INTO auth.login (id, mode, chain_id, subject, method, web_session_hash, proof_hash, proof_signature, proof_verified_at, created_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        login.id,
        login.mode,
        login.chainId,
        login.subject,
        login.method,
        webSessionHash ?? null,
        login.proof === undefined ? null : toBytes(login.proof.messageHash),
        login.proof === undefined ? null : toBytes(login.proof.signature),
        login.proof?.verifiedAt ?? null,
        login.createdAt,
        login.expiresAt,
      ],
    );
  }

  byId(id: string): Promise<LoginRecord | undefined> {
    return this.one("auth_login_by_id", `SELECT ${LOGIN_COLUMNS} FROM auth.login l WHERE l.id = $1`, id);
  }

  byWebSession(hash: Buffer): Promise<LoginRecord | undefined> {
    return this.one("auth_login_by_web_session", `SELECT ${LOGIN_COLUMNS} FROM auth.login l WHERE l.web_session_hash = $1`, hash);
  }

  byRefreshToken(hash: Buffer): Promise<LoginRecord | undefined> {
    return this.one(
      "auth_login_by_refresh_token",
      `SELECT ${LOGIN_COLUMNS} FROM auth.login l JOIN auth.refresh_token r ON r.login_id = l.id WHERE r.hash = $1`,
      hash,
    );
  }

  async end(tx: Tx, id: string, reason: EndReason, at: Date): Promise<boolean> {
    // The signature of a contract login is of no use any more, so it is not kept.
    const result = await tx.query(
      "UPDATE auth.login SET ended_at = $3, end_reason = $2, proof_hash = NULL, proof_signature = NULL WHERE id = $1 AND ended_at IS NULL",
      [id, reason, at],
    );
    return result.rowCount === 1;
  }

  async touchProof(id: string, proof: ContractProof): Promise<void> {
    await withClient(this.pool, (client) =>
      client.query("UPDATE auth.login SET proof_verified_at = $2 WHERE id = $1 AND ended_at IS NULL", [id, proof.verifiedAt]),
    );
  }

  async addRefreshToken(tx: Tx, loginId: string, hash: Buffer, expiresAt: Date): Promise<void> {
    await tx.query("INSERT INTO auth.refresh_token (hash, login_id, expires_at) VALUES ($1, $2, $3)", [hash, loginId, expiresAt]);
  }

  async lockRefreshToken(tx: Tx, hash: Buffer): Promise<RefreshToken | undefined> {
    const { rows } = await tx.query<LoginRow & { used_at: Date | null }>(
      `SELECT r.used_at, ${LOGIN_COLUMNS} FROM auth.refresh_token r JOIN auth.login l ON l.id = r.login_id WHERE r.hash = $1 FOR UPDATE`,
      [hash],
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    return { login: toLogin(row), ...(row.used_at === null ? {} : { usedAt: row.used_at }) };
  }

  async markRefreshUsed(tx: Tx, hash: Buffer, at: Date): Promise<void> {
    await tx.query("UPDATE auth.refresh_token SET used_at = $2 WHERE hash = $1", [hash, at]);
  }

  private async one(name: string, text: string, key: string | Buffer): Promise<LoginRecord | undefined> {
    const { rows } = await withClient(this.pool, (client) => client.query<LoginRow>({ name, text, values: [key] }));
    return rows[0] === undefined ? undefined : toLogin(rows[0]);
  }
}
