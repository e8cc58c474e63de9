import { createHash, randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { migrate } from "#platform/database/migrate.js";
import { FakePermissions, FakeVault } from "../../../test/support/relay-fakes.js";
import { eventually, fakeSession, ownerOf, relayInstance } from "../../../test/support/relay-instance.js";
import { type RelayWorld, startRelayWorld } from "../../../test/support/relay-world.js";
import { createTestDatabase, type TestDatabase } from "../../../test/support/test-database.js";
import type { RelayOptions } from "./build-relay.js";
import { migrations, RELAY_SCHEMA } from "./migrations.js";

let world: RelayWorld;
let database: TestDatabase;
let permissions: FakePermissions;
let vault: FakeVault;
const running: ReturnType<typeof relayInstance>[] = [];

beforeAll(async () => {
  world = await startRelayWorld();
});

afterAll(() => world.stop());

beforeEach(async () => {
  database = await createTestDatabase();
  await migrate({ url: database.url, schema: RELAY_SCHEMA, migrations });
  permissions = new FakePermissions(fakeSession(world));
  vault = new FakeVault(world.sessionKey);
});

afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
  await database.drop();
});

function start(options: Partial<RelayOptions> = {}) {
  const setting = { ...world, rpcUrls: [world.rpcUrl] };
  const instance = relayInstance(database.url, setting, { permissions, vault }, options);
  running.push(instance);
  instance.relay.start();
  return instance.relay;
}

async function request(amount: bigint, key: string = randomUUID()) {
  const session = await sessionId();
  const action = { call: { to: world.token, value: "0", data: world.transfer(amount) } };
  return { sessionId: session, action, idempotencyKey: key, fingerprint: createHash("sha256").update(String(amount)).digest("hex") };
}

const sessionId = async () => Reflect.get(permissions, "fake").sessionId as string;
const owner = () => ownerOf(world);

describe("a relay between a real chain and a real database", () => {
  test("brings an execution from RECEIVED to CONFIRMED and commits its reservation once", async () => {
    const relay = start();
    const before = await world.received();
    const { state } = await relay.receive.receive(owner(), await request(5n));
    const { executionId } = state;
    await eventually("confirmed", async () => (await relay.reader.find(owner(), executionId))?.state.status === "CONFIRMED");
    expect(await world.received()).toBe(before + 5n);
    await eventually("settled", () => permissions.outcomes(executionId).length > 0);
    expect(permissions.outcomes(executionId)).toEqual(["committed"]);
    const found = await relay.reader.find(owner(), executionId);
    expect(found?.state.transitions.map(({ state: name }) => name)).toEqual(
      expect.arrayContaining(["RECEIVED", "AUTHORIZED", "SIGNED", "MINED", "CONFIRMED"]),
    );
  });
});
