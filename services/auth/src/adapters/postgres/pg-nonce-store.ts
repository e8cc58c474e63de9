import type pg from "pg";
import { withClient } from "#platform/database/with-client.js";
import type { NonceStore } from "../../application/ports/nonce-store.js";
import type { Tx } from "../../application/ports/tx.js";
import { secretHash } from "../../domain/opaque-secret.js";

/** Sign-in nonces in `auth.login_nonce`; a nonce that is consumed is gone. */
export class PgNonceStore implements NonceStore {
  constructor(private readonly pool: pg.Pool) {}

  async add(nonce: string, expiresAt: Date): Promise<void> {
    await withClient(this.pool, (client) =>
      client.query("INSERT INTO auth.login_nonce (hash, expires_at) VALUES ($1, $2)", [secretHash(nonce), expiresAt]),
    );
  }

  async isOpen(nonce: string, now: Date): Promise<boolean> {
    const result = await withClient(this.pool, (client) =>
      client.query("SELECT 1 FROM auth.login_nonce WHERE hash = $1 AND expires_at > $2", [secretHash(nonce), now]),
    );
    return result.rowCount === 1;
  }

  async consume(tx: Tx, nonce: string, now: Date): Promise<boolean> {
    const result = await tx.query("DELETE FROM auth.login_nonce WHERE hash = $1 AND expires_at > $2", [secretHash(nonce), now]);
    return result.rowCount === 1;
  }
}
