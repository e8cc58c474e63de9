import { createWalletClient, encodeFunctionData, type Hex, http, parseEther, type TransactionReceipt } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { migrate } from "#platform/database/migrate.js";
import { createPool } from "#platform/database/pool.js";
import { checkEventData } from "#platform/event-schema/check-event-data.js";
import { EventStore } from "#platform/event-store/event-store.js";
import { systemClock } from "#platform/kernel/clock.js";
import { uuidV7Factory } from "#platform/kernel/ids.js";
import { execSafeTransaction } from "../../../contracts/deploy/exec-safe-transaction.js";
import { sessionModuleAbi } from "../../../contracts/generated/session-module.js";
import { logged } from "../../../test/support/monitor/logged.js";
import { call, type RelayWorld, startRelayWorld } from "../../../test/support/relay-world.js";
import { createTestDatabase, type TestDatabase } from "../../../test/support/test-database.js";
import { ChainFactRepository } from "./adapters/chain-fact-repository.js";
import { LogClaimRepository } from "./adapters/log-claim-repository.js";
import { ModuleFacts } from "./adapters/module-facts.js";
import { EventJournal } from "./application/event-journal.js";
import { Reconciler } from "./application/reconciler.js";
import { MONITOR_SCHEMA, migrations } from "./migrations.js";

let world: RelayWorld;
let database: TestDatabase;
let pool: ReturnType<typeof createPool>;
let reconciler: Reconciler;
let readable = true;
const alarms: string[] = [];

beforeAll(async () => {
  world = await startRelayWorld();
  await call(world.rpcUrl, "evm_setIntervalMining", [0]);
  await call(world.rpcUrl, "evm_setAutomine", [true]);
  const to = privateKeyToAccount(world.sessionKey).address;
  const hash = await world.client.sendTransaction({ to, value: parseEther("10") });
  await world.client.waitForTransactionReceipt({ hash });
  await mine(80);
});
afterAll(() => world.stop());
beforeEach(async () => {
  database = await createTestDatabase();
  await migrate({ url: database.url, schema: MONITOR_SCHEMA, migrations });
  pool = createPool({ url: database.url, applicationName: "monitor", max: 4 });
  alarms.length = 0;
  readable = true;
  // What earlier tests did is below the depth that a new reconciler reads.
  await mine(20);
  reconciler = made();
  await reconciler.round();
  await note("session.generated.v1", { sessionId: "one", keyAddress: world.policy.key });
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

function made(): Reconciler {
  const ids = uuidV7Factory(systemClock);
  const store = new EventStore(pool, { schema: MONITOR_SCHEMA, clock: systemClock, ids, check: checkEventData });
  const journal = new EventJournal(store, world.chainId, ({ kind }) => alarms.push(kind));
  const options = { chainId: world.chainId, depth: 16n, graceMs: 0, logReadable: () => readable };
  return new Reconciler(
    new ModuleFacts([world.rpcUrl], world.module),
    new ChainFactRepository(pool, world.chainId),
    new LogClaimRepository(pool),
    journal,
    options,
  );
}

const mine = (blocks: number) => call(world.rpcUrl, "anvil_mine", [`0x${blocks.toString(16)}`]);
const note = (type: string, data: Parameters<typeof logged>[3]) => reconciler.note([logged(type, world.chainId, world.safe, data)]);

/** The session key is used without us. */
async function useBehindOurBack(amount = 1n): Promise<TransactionReceipt> {
  const account = privateKeyToAccount(world.sessionKey);
  const thief = createWalletClient({ account, transport: http(world.rpcUrl), chain: world.client.chain });
  const args = [world.policy, { to: world.token, value: 0n, data: world.transfer(amount) }, []] as const;
  const data = encodeFunctionData({ abi: sessionModuleAbi, functionName: "exec", args });
  const hash = await thief.sendTransaction({ to: world.module, data });
  const receipt = await world.client.waitForTransactionReceipt({ hash });
  expect(receipt.status).toBe("success");
  return receipt;
}

async function told(type = "audit.discrepancy.v1"): Promise<readonly (readonly [string, string])[]> {
  const text = "SELECT data->>'kind' AS kind, data->>'transactionHash' AS hash FROM monitor.event WHERE type = $1 ORDER BY recorded_at, id";
  const { rows } = await pool.query<{ kind: string; hash: string }>(text, [type]);
  return rows.map(({ kind, hash }) => [kind, hash]);
}

const minedAs = ({ transactionHash, blockNumber, blockHash }: { transactionHash: Hex; blockNumber: bigint; blockHash: Hex }) => ({
  success: true,
  transactionHash,
  blockNumber: blockNumber.toString(),
  blockHash,
});

describe("a use made behind our back", () => {
  it("is told within three blocks, once, as an event and an alarm, and written anew from the chain", async () => {
    const { transactionHash } = await useBehindOurBack();
    const blocks: number[] = [];
    for (let block = 1; block <= 5; block++) {
      await mine(1);
      await reconciler.round();
      blocks.push((await told()).length);
    }
    expect(blocks).toEqual([0, 1, 1, 1, 1]);
    expect(await told()).toEqual([["UNLOGGED_ONCHAIN", transactionHash]]);
    expect(await told("audit.reconstructed.v1")).toEqual([["use", transactionHash]]);
    expect(alarms).toEqual(["UNLOGGED_ONCHAIN"]);
  });

  it("is told by a reconciler that was started anew in between", async () => {
    const { transactionHash } = await useBehindOurBack();
    await reconciler.round();
    await mine(2);
    await made().round();
    expect(await told()).toEqual([["UNLOGGED_ONCHAIN", transactionHash]]);
  });

  it("is nothing to tell once the log has its entry", async () => {
    await note("execution.mined.v1", minedAs(await useBehindOurBack()));
    await mine(3);
    await reconciler.round();
    await reconciler.round();
    expect(await told()).toEqual([]);
  });

  it("is not told while the log cannot be read, and told when it can and still has no entry", async () => {
    await useBehindOurBack();
    await mine(3);
    readable = false;
    await reconciler.round();
    expect(await told()).toEqual([]);
    readable = true;
    await reconciler.round();
    expect(await told()).toHaveLength(1);
  });
});

describe("an entry of the log that nothing on the chain bears out", () => {
  const nowhere = `0x${"ab".repeat(32)}` as const;

  it("is told within three blocks when there is no such transaction", async () => {
    const { number, hash } = await world.client.getBlock();
    await note("execution.mined.v1", minedAs({ transactionHash: nowhere, blockNumber: number, blockHash: hash }));
    await mine(2);
    await reconciler.round();
    await reconciler.round();
    expect(await told()).toEqual([["LOGGED_NOT_ONCHAIN", nowhere]]);
    expect(alarms).toEqual(["LOGGED_NOT_ONCHAIN"]);
  });

  it("is told when the transaction is there and did something else", async () => {
    const hash = await world.client.sendTransaction({ to: world.safe, value: 1n });
    const receipt = await world.client.waitForTransactionReceipt({ hash });
    await note("session.use.committed.v1", minedAs(receipt));
    await mine(2);
    await reconciler.round();
    expect(await told()).toEqual([["LOGGED_NOT_ONCHAIN", hash]]);
  });

  it("is told as reorganised when the transaction is in another block than it says", async () => {
    const receipt = await useBehindOurBack();
    await note("execution.mined.v1", minedAs({ ...receipt, blockHash: nowhere }));
    await mine(2);
    await reconciler.round();
    expect(await told()).toEqual([["REORGED", receipt.transactionHash]]);
  });

  it("is nothing to tell of an execution that failed, of another chain or of what is no event", async () => {
    const { number, hash } = await world.client.getBlock();
    const mined = minedAs({ transactionHash: nowhere, blockNumber: number, blockHash: hash });
    await note("execution.mined.v1", { ...mined, success: false });
    await reconciler.note([logged("execution.mined.v1", 1, world.safe, mined), { value: Buffer.from("no event") }]);
    await mine(2);
    await reconciler.round();
    expect(await told()).toEqual([]);
  });

  it("is looked up on the chain by itself when it is older than what was read", async () => {
    const receipt = await useBehindOurBack();
    await mine(40);
    await pool.query("TRUNCATE monitor.reconciled, monitor.chain_fact");
    await reconciler.round();
    await note("execution.mined.v1", minedAs(receipt));
    await reconciler.round();
    expect(await told()).toEqual([]);
  });
});

describe("a chain that takes blocks back", () => {
  it("has a logged use that is gone told within three blocks, and not as unlogged when it comes again", async () => {
    const receipt = await useBehindOurBack(7n);
    await note("execution.mined.v1", minedAs(receipt));
    await mine(1);
    await reconciler.round();
    await call(world.rpcUrl, "anvil_rollback", [2]);
    await mine(3);
    await reconciler.round();
    expect(await told()).toContainEqual(["REORGED", receipt.transactionHash]);
    expect((await told()).filter(([kind]) => kind === "UNLOGGED_ONCHAIN")).toEqual([]);
  });

  it("has nothing more told once the log has taken the inclusion back itself", async () => {
    const receipt = await useBehindOurBack(8n);
    await note("execution.mined.v1", minedAs(receipt));
    await mine(1);
    await reconciler.round();
    await call(world.rpcUrl, "anvil_rollback", [2]);
    await note("execution.reorged.v1", minedAs(receipt));
    await mine(3);
    await reconciler.round();
    await reconciler.round();
    expect(await told()).toEqual([["REORGED", receipt.transactionHash]]);
  });

  it("has a use read that is only on the new branch", async () => {
    await mine(3);
    await reconciler.round();
    await call(world.rpcUrl, "anvil_rollback", [3]);
    const { transactionHash } = await useBehindOurBack(9n);
    await mine(4);
    await reconciler.round();
    expect(await told()).toEqual([["UNLOGGED_ONCHAIN", transactionHash]]);
  });
});

describe("what ends sessions on the chain", () => {
  const disarmAll = () => {
    const data = encodeFunctionData({ abi: sessionModuleAbi, functionName: "disarmAll", args: [world.safe] });
    return execSafeTransaction(world.client, { safe: world.safe, to: world.module, data, owners: [world.owner] });
  };

  it("is written anew from the chain when a lost spool had been to tell of it", async () => {
    await note("session.armed.v1", { sessionId: "one", policyId: world.policyId });
    await disarmAll();
    await mine(2);
    await reconciler.round();
    expect((await told("audit.reconstructed.v1")).map(([kind]) => kind)).toEqual(["epoch"]);
    expect((await told()).map(([kind]) => kind)).toEqual(["UNLOGGED_ONCHAIN"]);
  });

  it("is nothing to tell when the log has all the account's sessions ended", async () => {
    await note("session.armed.v1", { sessionId: "one", policyId: world.policyId });
    await note("session.disarmed.v1", { sessionId: "one", phase: "disarmed" });
    await disarmAll();
    await mine(2);
    await reconciler.round();
    expect(await told()).toEqual([]);
  });
});
