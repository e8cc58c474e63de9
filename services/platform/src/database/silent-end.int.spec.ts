import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../test/support/test-database.js";
import { createPool } from "./pool.js";

const KEEPALIVE = `SELECT current_setting('tcp_keepalives_idle')::int + current_setting('tcp_keepalives_interval')::int
  * current_setting('tcp_keepalives_count')::int AS seconds, inet_client_addr() IS NULL AS local`;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

it("a session whose process is gone without a word loses its locks within a quarter of a minute, so that another can lead", async () => {
  const pool = createPool({ url: database.url, applicationName: "test" });
  const { rows } = await pool.query<{ seconds: number; local: boolean }>(KEEPALIVE);
  await pool.end();
  expect(rows[0]?.local, "the test needs a connection over TCP").toBe(false);
  expect(rows[0]?.seconds).toBeLessThanOrEqual(15);
  expect(rows[0]?.seconds).toBeGreaterThan(0);
});
