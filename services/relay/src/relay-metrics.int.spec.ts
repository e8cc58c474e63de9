import { randomUUID } from "node:crypto";
import type pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { migrate } from "#platform/database/migrate.js";
import { createPool } from "#platform/database/pool.js";
import { Metrics } from "#platform/telemetry/metrics.js";
import { createTestDatabase, type TestDatabase } from "../../../test/support/test-database.js";
import { readRelayFigures } from "./adapters/pg/relay-figures.js";
import { migrations, RELAY_SCHEMA } from "./migrations.js";
import { relayMetrics } from "./relay-metrics.js";

const SENDER = { chainId: 31_337n, address: `0x${"a".repeat(40)}` };

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

async function execution(status: string, age: string): Promise<string> {
  const id = randomUUID();
  await pool.query(
    `INSERT INTO relay.execution (execution_id, session_id, account, status, version, state, created_at, updated_at)
     VALUES ($1, $1, 'a', $2, 1, '{}', now() - $3::interval, now())`,
    [id, status, age],
  );
  return id;
}

async function slot(nonce: number, state: string, executionId: string | null, ...attempts: readonly string[]): Promise<void> {
  const key = [SENDER.chainId.toString(), SENDER.address, nonce];
  await pool.query(
    `INSERT INTO relay.slot (chain_id, sender, nonce, execution_id, state, current_hash, current_kind, attempted_at_block)
     VALUES ($1, $2, $3, $4, $5, $6, 'intent', 1)`,
    [...key, executionId, state, attempts.at(-1)],
  );
  for (const hash of attempts) {
    await pool.query(
      `INSERT INTO relay.attempt (hash, chain_id, sender, nonce, kind, raw, max_fee_per_gas, max_priority_fee_per_gas)
       VALUES ($4, $1, $2, $3, 'intent', '0x', 1, 1)`,
      [...key, hash],
    );
  }
}

it("tells what is open by status and since when, the nonces in flight, gaps among them, and replacements", async () => {
  const metrics = new Metrics("relay");
  const measure = relayMetrics(metrics, () => readRelayFigures(pool, SENDER));
  await measure();
  expect(await metrics.render()).toContain('relay_nonce_gaps{service="relay"} 0');

  await pool.query("INSERT INTO relay.nonce_ledger (chain_id, sender, next) VALUES ($1, $2, 14)", [`${SENDER.chainId}`, SENDER.address]);
  await slot(9, "final", await execution("CONFIRMED", "1 day"), "0x09a", "0x09b");
  await slot(10, "open", await execution("BROADCAST", "5 minutes"), "0x10a", "0x10b", "0x10c");
  await slot(11, "mined", await execution("MINED", "1 minute"), "0x11a");
  await slot(13, "open", null, "0x13a");
  const received = await execution("RECEIVED", "1 second");
  await pool.query("INSERT INTO relay.work (execution_id, task, detail, due_at) VALUES ($1, 'advance', '{}', now())", [received]);

  await measure();
  const text = await metrics.render();
  for (const status of ["BROADCAST", "MINED", "RECEIVED"]) {
    expect(text).toContain(`relay_open_executions{status="${status}",service="relay"} 1`);
  }
  expect(text).not.toContain("CONFIRMED");
  expect(text).toMatch(/relay_oldest_open_execution_seconds\{service="relay"\} 30\d\b/);
  expect(text).toContain('relay_nonces_in_flight{service="relay"} 3');
  expect(text).toContain('relay_nonce_gaps{service="relay"} 1');
  expect(text).toContain('relay_replaced_transactions{service="relay"} 2');
});
