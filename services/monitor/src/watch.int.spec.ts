import { encodeFunctionData, parseAbi } from "viem";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { migrate } from "#platform/database/migrate.js";
import { createPool } from "#platform/database/pool.js";
import { EventStore } from "#platform/event-store/event-store.js";
import { systemClock } from "#platform/kernel/clock.js";
import { uuidV7Factory } from "#platform/kernel/ids.js";
import { createLogger } from "#platform/logging/logger.js";
import { execSafeTransaction } from "../../../contracts/deploy/exec-safe-transaction.js";
import { safeAbi } from "../../../contracts/deploy/safe-abi.js";
import { sessionModuleAbi } from "../../../contracts/generated/session-module.js";
import { ConfirmingSessions } from "../../../test/support/monitor/confirming-sessions.js";
import { rewriteModules } from "../../../test/support/monitor/rewrite-modules.js";
import { type ArmedSession, startWatchedChain, type WatchedChain } from "../../../test/support/monitor/watched-chain.js";
import { createTestDatabase, type TestDatabase } from "../../../test/support/test-database.js";
import { ChainWatcher } from "./adapters/chain-watcher.js";
import { WatchRepository } from "./adapters/watch-repository.js";
import { EventJournal } from "./application/event-journal.js";
import { Watch } from "./application/watch.js";
import { MONITOR_SCHEMA, migrations } from "./migrations.js";

/** Rounds without a poll, so that what is found there was found by an event. */
const NEVER = 1_000_000;
const ownerAbi = parseAbi(["function addOwnerWithThreshold(address owner, uint256 threshold)"]);
const SENTINEL = "0x0000000000000000000000000000000000000001";

let chain: WatchedChain;
let database: TestDatabase;
let pool: ReturnType<typeof createPool>;
let sessions: ConfirmingSessions;
let one: ArmedSession;
let other: ArmedSession;

beforeAll(async () => {
  chain = await startWatchedChain();
});
afterAll(() => chain.stop());
beforeEach(async () => {
  database = await createTestDatabase();
  await migrate({ url: database.url, schema: MONITOR_SCHEMA, migrations });
  pool = createPool({ url: database.url, applicationName: "monitor", max: 4 });
  sessions = new ConfirmingSessions(chain.world);
  [one, other] = [await chain.armedSession(), await chain.armedSession()];
  sessions.add(one, other);
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

/** A watcher as the process has it, which has looked at the chain once. */
async function watcher({ pollEvery = NEVER, rpcUrl = chain.url } = {}): Promise<Watch> {
  const store = new EventStore(pool, { schema: MONITOR_SCHEMA, clock: systemClock, ids: uuidV7Factory(systemClock) });
  const logger = createLogger({ service: "monitor", level: "silent" });
  const looking = new ChainWatcher([rpcUrl], chain.world.contracts.sessionModule);
  const options = { chainId: chain.chainId, pollEvery };
  const watch = new Watch(looking, new WatchRepository(pool), sessions, new EventJournal(store, chain.chainId), options, logger);
  await watch.round();
  return watch;
}

/** Sessions of the events that were written, in order. */
async function told(): Promise<readonly (readonly [string, string])[]> {
  const { rows } = await pool.query<{ session: string; kind: string }>(
    "SELECT data->>'sessionId' AS session, data->>'kind' AS kind FROM monitor.event WHERE type = 'revocation.observed.v1' ORDER BY recorded_at, id",
  );
  return rows.map(({ session, kind }) => [session, kind]);
}

const disarm = ({ policyId, account }: ArmedSession) =>
  encodeFunctionData({ abi: sessionModuleAbi, functionName: "disarm", args: [account, policyId] });

describe("a round of the watcher on a real chain", () => {
  it("sees a disarm made behind our back, tells it once, and leaves other sessions alone", async () => {
    const watch = await watcher();
    expect(sessions.reports).toEqual([]);
    await one.asSafe(disarm(one));
    await watch.round();
    await watch.round();
    expect([sessions.endings(one), sessions.endings(other)]).toEqual([["disarmed"], []]);
    expect(await told()).toEqual([[one.sessionId, "disarmed"]]);
    expect(watch.current()).toMatchObject({ blind: false, sessions: 1 });
  });

  it("sees an epoch bump, which ends every session of that account", async () => {
    const watch = await watcher();
    await one.asSafe(encodeFunctionData({ abi: sessionModuleAbi, functionName: "disarmAll", args: [one.account] }));
    await watch.round();
    expect([sessions.endings(one), sessions.endings(other)]).toEqual([["epoch"], []]);
    expect(await told()).toEqual([[one.sessionId, "epoch"]]);
  });

  it("sees the module disabled by the Safe's own event", async () => {
    const watch = await watcher();
    const data = encodeFunctionData({ abi: safeAbi, functionName: "disableModule", args: [SENTINEL, one.module] });
    await execSafeTransaction(chain.world.client, { safe: one.account, to: one.account, data, owners: [one.owner] });
    await watch.round();
    expect(sessions.endings(one)).toEqual(["module_disabled"]);
    expect(await told()).toEqual([[one.sessionId, "module_disabled"]]);
  });

  it("tells an owner change to permissions, which decides", async () => {
    const watch = await watcher();
    const data = encodeFunctionData({ abi: ownerAbi, functionName: "addOwnerWithThreshold", args: [other.owner.address, 1n] });
    await execSafeTransaction(chain.world.client, { safe: one.account, to: one.account, data, owners: [one.owner] });
    await watch.round();
    expect(sessions.reports).toEqual([{ sessionId: one.sessionId, kind: "owner_changed", ended: false }]);
    expect(await told()).toEqual([]);
  });

  it("finds by polling a module list that was rewritten without an event, and by no other means", async () => {
    const deaf = await watcher();
    await rewriteModules(chain.world, one);
    await deaf.round();
    expect(sessions.reports).toEqual([]);
    const polling = await watcher({ pollEvery: 1 });
    expect([sessions.endings(one), sessions.endings(other)]).toEqual([["poll"], []]);
    await polling.round();
    expect(await told()).toEqual([[one.sessionId, "poll"]]);
  });

  it("finds by polling an epoch bump whose event nobody read", async () => {
    await one.asSafe(encodeFunctionData({ abi: sessionModuleAbi, functionName: "disarmAll", args: [one.account] }));
    await chain.mine(20);
    await watcher({ pollEvery: 1 });
    expect(sessions.endings(one)).toEqual(["poll"]);
  });
});

describe("a chain of which three blocks are taken back", () => {
  it("shows the watcher a disarm that is only on the new branch, below the head it had read", async () => {
    await chain.mine(8);
    const watch = await watcher();
    const { head } = watch.current();
    await chain.rpc("anvil_rollback", [3]);
    await one.asSafe(disarm(one));
    await chain.mine(2);
    expect(await chain.world.client.getBlockNumber({ cacheTime: 0 })).toBe(head);
    await chain.mine(1);
    await watch.round();
    expect(await told()).toEqual([[one.sessionId, "disarmed"]]);
  });

  it("is read again from a lower head", async () => {
    await chain.mine(8);
    const watch = await watcher();
    await chain.rpc("anvil_rollback", [3]);
    await one.asSafe(disarm(one));
    await watch.round();
    expect(await told()).toEqual([[one.sessionId, "disarmed"]]);
  });

  it("gives no session back that was ended by a disarm on the branch that is gone, and tells nothing twice", async () => {
    await chain.mine(8);
    const watch = await watcher();
    await one.asSafe(disarm(one));
    await chain.mine(2);
    await watch.round();
    await chain.rpc("anvil_rollback", [3]);
    await watch.round();
    await one.asSafe(disarm(one));
    await chain.mine(3);
    await watch.round();
    expect(await told()).toEqual([[one.sessionId, "disarmed"]]);
    expect((await sessions.watched()).map(({ sessionId }) => sessionId)).toEqual([other.sessionId]);
  });
});

describe("a watcher that was away", () => {
  it("reads on where the last one ended, however many blocks that was ago", async () => {
    await watcher();
    await one.asSafe(disarm(one));
    await chain.mine(520);
    await watcher();
    expect(await told()).toEqual([[one.sessionId, "disarmed"]]);
  });

  it("forgets nothing when permissions is away in the middle of a round", async () => {
    const watch = await watcher();
    await one.asSafe(disarm(one));
    const report = sessions.reportRevocation.bind(sessions);
    sessions.reportRevocation = () => Promise.reject(new Error("away"));
    await expect(watch.round()).rejects.toThrow("away");
    sessions.reportRevocation = report;
    await chain.mine(1);
    await watch.round();
    expect(await told()).toEqual([[one.sessionId, "disarmed"]]);
  });
});
