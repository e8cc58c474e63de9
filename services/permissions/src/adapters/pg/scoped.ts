import type pg from "pg";
import { withTransaction } from "#platform/database/with-client.js";
import type { Scope } from "../../application/session-index.js";

/** Puts the transaction under `scope`: from here on row-level security shows and takes nothing else. */
export async function enterScope(tx: pg.PoolClient, scope: Scope): Promise<void> {
  const [kind, accounts] = scope === "all" ? ["service", ""] : ["principal", scope.accounts.join(",")];
  await tx.query("SELECT set_config('app.scope', $1, true), set_config('app.accounts', $2, true)", [kind, accounts]);
}

/** Runs `work` in one transaction under `scope`. */
export function inScope<T>(pool: pg.Pool, scope: Scope, work: (tx: pg.PoolClient) => Promise<T>): Promise<T> {
  return withTransaction(pool, async (tx) => {
    await enterScope(tx, scope);
    return work(tx);
  });
}
