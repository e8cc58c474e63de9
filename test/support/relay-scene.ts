import { createHash, randomUUID } from "node:crypto";
import type { Action, Call } from "../../services/platform/gen/interlock/common/v1/common.js";
import { migrate } from "../../services/platform/src/database/migrate.js";
import type { RelayOptions } from "../../services/relay/src/build-relay.js";
import type { ExecutionState } from "../../services/relay/src/domain/execution-state.js";
import type { ExecutionStatus } from "../../services/relay/src/domain/execution-status.js";
import { migrations, RELAY_SCHEMA } from "../../services/relay/src/migrations.js";
import { FakePermissions, FakeVault } from "./relay-fakes.js";
import { eventually, fakeSession, ownerOf, relayInstance } from "./relay-instance.js";
import type { RelayWorld } from "./relay-world.js";
import { createTestDatabase } from "./test-database.js";

/** A relay on a database of its own, in a world that several scenes share. */
export async function relayScene(world: RelayWorld, options: Partial<RelayOptions> = {}) {
  const database = await createTestDatabase();
  await migrate({ url: database.url, schema: RELAY_SCHEMA, migrations });
  const session = fakeSession(world);
  const permissions = new FakePermissions(session);
  const vault = new FakeVault(world.sessionKey);
  const setting = { chainId: world.chainId, module: world.module, relayerKey: world.relayerKey, rpcUrls: [world.rpcUrl] };
  const instance = relayInstance(database.url, setting, { permissions, vault }, options);
  // All scenes use one session on chain, so each takes intent nonces of its own.
  await instance.pool.query("INSERT INTO relay.intent_nonce (session_id, next) VALUES ($1, $2)", [session.sessionId, Date.now()]);
  const { relay, pool } = instance;
  const owner = ownerOf(world);
  const state = async (executionId: string): Promise<ExecutionState> => {
    const found = await relay.reader.find(owner, executionId);
    if (found === undefined) throw new Error(`no execution ${executionId}`);
    return found.state;
  };
  const asked = (action: Action, key: string, of: string) => ({
    sessionId: session.sessionId,
    action,
    idempotencyKey: key,
    fingerprint: createHash("sha256").update(of).digest("hex"),
  });
  const payment = (amount: bigint): Call => ({ to: world.token, value: "0", data: world.transfer(amount) });
  const request = (amount: bigint, key: string = randomUUID()) => asked({ call: payment(amount) }, key, `${amount}`);
  const begin = async (action: Action) =>
    (await relay.receive.receive(owner, asked(action, randomUUID(), JSON.stringify(action)))).state.executionId;
  return {
    relay,
    pool,
    permissions,
    vault,
    session,
    owner,
    state,
    request,
    payment,
    /** Begins any action; resolves with its id. */
    begin,
    /** Begins a transfer of `amount`; resolves with its id. */
    execute: async (amount: bigint) => (await relay.receive.receive(owner, request(amount))).state.executionId,
    /** Resolves once the execution stands at one of `statuses`. */
    until: (executionId: string, ...statuses: readonly ExecutionStatus[]) =>
      eventually(`${executionId} is ${statuses.join(" or ")}`, async () => statuses.includes((await state(executionId)).status)),
    close: async () => {
      await instance.close();
      await database.drop();
    },
  };
}

export type RelayScene = Awaited<ReturnType<typeof relayScene>>;
