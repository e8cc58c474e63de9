import pg from "pg";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, test } from "vitest";
import { migrate } from "#platform/database/migrate.js";
import { EventStore } from "#platform/event-store/event-store.js";
import { systemClock } from "#platform/kernel/clock.js";
import { uuidV7Factory } from "#platform/kernel/ids.js";
import { FlakyProxy } from "../../../test/support/e2e/flaky-proxy.js";
import { FakePermissions, FakeVault } from "../../../test/support/relay-fakes.js";
import { eventually, fakeSession, relayInstance } from "../../../test/support/relay-instance.js";
import { call, type RelayWorld, startRelayWorld } from "../../../test/support/relay-world.js";
import { createTestDatabase, type TestDatabase } from "../../../test/support/test-database.js";
import { migrations, RELAY_SCHEMA } from "./migrations.js";

let world: RelayWorld;
let database: TestDatabase;
let proxy: FlakyProxy;
beforeAll(async () => {
  [world, database] = await Promise.all([startRelayWorld(), createTestDatabase()]);
  await migrate({ url: database.url, schema: RELAY_SCHEMA, migrations });
  proxy = await FlakyProxy.to(database.url);
});
afterAll(async () => {
  proxy?.close();
  await Promise.all([world?.stop(), database?.drop()]);
});

test("a relay whose database answers nothing any more still sees the chain, and that its gas has run out", async () => {
  const relayerKey = generatePrivateKey();
  const setBalance = (wei: string) => call(world.rpcUrl, "anvil_setBalance", [privateKeyToAccount(relayerKey).address, wei]);
  await setBalance("0xde0b6b3a7640000");
  const ports = { permissions: new FakePermissions(fakeSession(world)), vault: new FakeVault(world.sessionKey) };
  const setting = { chainId: world.chainId, module: world.module, relayerKey, rpcUrls: [world.rpcUrl] };
  // Without any limit of its own: what is asked of this database then has no end, and the relay must not wait for it.
  const pool = new pg.Pool({ connectionString: proxy.inFrontOf(database.url) }).on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const store = new EventStore(pool, { schema: RELAY_SCHEMA, clock: systemClock, ids: uuidV7Factory(systemClock) });
  const { relay, close } = relayInstance(database.url, setting, ports, { store });
  try {
    relay.start();
    await eventually("it leads, and can pay", () => relay.watcher.leading && relay.canPay() === true);
    proxy.blackhole();
    await setBalance("0x0");
    await eventually("it knows that it cannot pay", () => relay.canPay() === false);
  } finally {
    proxy.refuse();
    await close();
    await pool.end();
  }
});
