import type pg from "pg";
import { withClient } from "#platform/database/with-client.js";
import { type AccountId, parseAccountId } from "#platform/kernel/ids.js";
import type { AccountLink, AccountStore } from "../../application/ports/account-store.js";
import type { Tx } from "../../application/ports/tx.js";

/** Links between wallets and accounts in `auth.account_link`. */
export class PgAccountStore implements AccountStore {
  constructor(private readonly pool: pg.Pool) {}

  async link(tx: Tx, wallet: string, account: AccountId, at: Date): Promise<{ readonly added: boolean }> {
    // xmax is 0 only for a row this statement inserted.
    const { rows } = await tx.query<{ added: boolean }>(
      `INSERT INTO auth.account_link (wallet, account, verified_at) VALUES ($1, $2, $3)
       ON CONFLICT (wallet, account) DO UPDATE SET verified_at = EXCLUDED.verified_at RETURNING xmax = 0 AS added`,
      [wallet, account, at],
    );
    return { added: rows[0]?.added === true };
  }

  async unlink(tx: Tx, wallet: string, account: AccountId): Promise<void> {
    await tx.query("DELETE FROM auth.account_link WHERE wallet = $1 AND account = $2", [wallet, account]);
  }

  async touch(wallet: string, account: AccountId, at: Date): Promise<void> {
    await withClient(this.pool, (client) =>
      client.query("UPDATE auth.account_link SET verified_at = $3 WHERE wallet = $1 AND account = $2", [wallet, account, at]),
    );
  }

  async linksOf(wallet: string, chainId: number): Promise<readonly AccountLink[]> {
    const { rows } = await withClient(this.pool, (client) =>
      client.query<{ account: string; verified_at: Date }>({
        name: "auth_links_of",
        text: "SELECT account, verified_at FROM auth.account_link WHERE wallet = $1 AND account LIKE $2 ORDER BY verified_at, account",
        values: [wallet, `${chainId}:%`],
      }),
    );
    return rows.map((row) => ({ account: parseAccountId(row.account), verifiedAt: row.verified_at }));
  }
}
