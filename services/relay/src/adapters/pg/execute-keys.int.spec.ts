import { randomUUID } from "node:crypto";
import type pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { migrate } from "#platform/database/migrate.js";
import { createPool } from "#platform/database/pool.js";
import { createTestDatabase, type TestDatabase } from "../../../../../test/support/test-database.js";
import { migrations, RELAY_SCHEMA } from "../../migrations.js";
import { forgetKeysBefore } from "./execute-keys.js";

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrate({ url: database.url, schema: RELAY_SCHEMA, migrations });
  pool = createPool({ url: database.url, applicationName: "test" });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

it("forgets old keys, the oldest first and no more than it is told", async () => {
  for (const [key, days] of [
    ["young", 7],
    ["old", 9],
    ["older", 10],
    ["oldest", 11],
  ] as const) {
    const text = `INSERT INTO relay.execute_key (account, key, fingerprint, execution_id, created_at)
      VALUES ('31337:0x1', $1, '', $2, now() - $3 * interval '1 day')`;
    await pool.query(text, [key, randomUUID(), days]);
  }
  const time = new Date(Date.now() - 8 * 86_400_000);
  const kept = async () =>
    (await pool.query<{ key: string }>("SELECT key FROM relay.execute_key ORDER BY created_at")).rows.map(({ key }) => key);
  expect(await forgetKeysBefore(pool, time, 2)).toBe(2);
  expect(await kept()).toEqual(["old", "young"]);
  expect(await forgetKeysBefore(pool, time, 2)).toBe(1);
  expect(await kept()).toEqual(["young"]);
});
