import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../../test/support/test-database.js";
import { migrate } from "../../database/migrate.js";
import { createPool } from "../../database/pool.js";
import { createServiceSchemas } from "../../database/service-schema.js";
import { systemRandom } from "../../kernel/random.js";
import { grantEventLogAccess } from "./grant-access.js";
import { eventLogMigrations } from "./migrations.js";
import { PostgresEventLog } from "./postgres-event-log.js";

const TOPIC = "session.lifecycle.v1";
const PERMISSION_DENIED = "42501";

describe("the event log's roles", () => {
  // Roles are the server's, not the database's.
  const suffix = randomUUID().replaceAll("-", "").slice(0, 10);
  const producer = `producer_${suffix}`;
  const consumer = `consumer_${suffix}`;
  const stranger = `stranger_${suffix}`;
  let database: TestDatabase;
  const pools: pg.Pool[] = [];

  const as = (role: string): pg.Pool => {
    const url = new URL(database.url);
    url.username = role;
    url.password = "secret";
    const pool = createPool({ url: url.toString(), applicationName: role, max: 4 });
    pools.push(pool);
    return pool;
  };
  const logOf = (role: string) => new PostgresEventLog({ pool: as(role), random: systemRandom, partitions: () => 2 });

  beforeAll(async () => {
    database = await createTestDatabase();
    await migrate({ url: database.url, schema: "eventlog", migrations: eventLogMigrations() });
    const schemas = [producer, consumer, stranger].map((name) => ({ name, password: "secret" }));
    await createServiceSchemas(database.url, schemas);
    await grantEventLogAccess(database.url, { producers: [producer], consumers: [consumer] });
  });

  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    for (const role of [producer, consumer, stranger]) await admin.query(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
    await admin.end();
    await database.drop();
  });

  it("let a producer publish, and a consumer read it in a group", async () => {
    const [out, into] = [logOf(producer), logOf(consumer)];
    await out.publish(TOPIC, [{ key: "a", value: Buffer.from("1"), headers: {} }]);
    const seen: string[] = [];
    const subscription = await into.subscribe({
      group: "audit",
      topics: [TOPIC],
      handler: async (batch) => {
        seen.push(...batch.map(({ value }) => value.toString()));
      },
    });
    await expect.poll(() => seen, { timeout: 15_000 }).toEqual(["1"]);
    await subscription.stop();
    await Promise.all([out.close(), into.close()]);
  });

  it.each([
    "DELETE FROM eventlog.record",
    "UPDATE eventlog.record SET value = ''",
    "TRUNCATE eventlog.record",
    "DELETE FROM eventlog.partition_head",
    "UPDATE eventlog.partition_head SET topic = 'x'",
    "SELECT FROM eventlog.group_lease",
    "INSERT INTO eventlog.group_member VALUES ('audit', gen_random_uuid(), '{}', now())",
    "CREATE TABLE eventlog.mine (a int)",
    "DROP TABLE eventlog.record",
  ])("keep a producer from: %s", async (sql) => {
    await expect(as(producer).query(sql)).rejects.toMatchObject({ code: PERMISSION_DENIED });
  });

  it.each(["DELETE FROM eventlog.record", "UPDATE eventlog.record SET value = ''", "UPDATE eventlog.partition_head SET partition = 9"])(
    "keep a consumer from: %s",
    async (sql) => {
      await expect(as(consumer).query(sql)).rejects.toMatchObject({ code: PERMISSION_DENIED });
    },
  );

  it("keep a role without access out altogether", async () => {
    await expect(as(stranger).query("SELECT FROM eventlog.record")).rejects.toMatchObject({ code: PERMISSION_DENIED });
  });

  it("take from a consumer what it no longer needs once it is a producer", async () => {
    await grantEventLogAccess(database.url, { producers: [consumer], consumers: [] });
    await expect(as(consumer).query("SELECT FROM eventlog.group_lease")).rejects.toMatchObject({ code: PERMISSION_DENIED });
  });
});
