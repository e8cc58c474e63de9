import type pg from "pg";
import { withClient } from "#platform/database/with-client.js";

/** How long an ended login stays, so that a refresh token of it that comes again is still recognised. */
const KEEP_LOGIN = "30 days";

/** Drops what has expired and cannot be used any more; logins and their refresh tokens 30 days later. */
export async function sweepExpired(pool: pg.Pool, now: Date): Promise<void> {
  await withClient(pool, async (client) => {
    await client.query("DELETE FROM auth.login_nonce WHERE expires_at < $1", [now]);
    await client.query("DELETE FROM auth.login_collection WHERE expires_at < $1", [now]);
    await client.query("DELETE FROM auth.agent_assertion WHERE expires_at < $1::timestamptz - interval '1 minute'", [now]);
    await client.query(`DELETE FROM auth.login WHERE expires_at < $1::timestamptz - interval '${KEEP_LOGIN}'`, [now]);
  });
}
