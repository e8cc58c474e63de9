import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startChild } from "../../deploy/local/child.js";
import { type LocalPostgres, startPostgres } from "../../deploy/local/postgres.js";
import { migrate } from "../../services/platform/src/database/migrate.js";
import { createPool } from "../../services/platform/src/database/pool.js";
import { policyToMessage } from "../../services/platform/src/session-policy/policy-message.js";
import { FAULT_POINTS } from "../../services/relay/src/application/fault-points.js";
import { type ExecutionStatus, isTerminal } from "../../services/relay/src/domain/execution-status.js";
import { migrations, RELAY_SCHEMA } from "../../services/relay/src/migrations.js";
import { FakePermissions, FakeVault } from "../support/relay-fakes.js";
import { eventually, fakeSession, ownerOf, relayInstance } from "../support/relay-instance.js";
import type { WorkerOrder } from "../support/relay-worker.js";
import { type RelayWorld, startRelayWorld } from "../support/relay-world.js";

const WORKER = new URL("../../dist/test/support/relay-worker.js", import.meta.url).pathname;
const EXECUTIONS = Number(process.env.RELAY_FAULT_EXECUTIONS ?? 200);
const KILL_EVERY_MS = 2_000;
/** Milliseconds between two requests, so that kills fall into every part of the run. */
const PACE_MS = 120;

let postgres: LocalPostgres;
let world: RelayWorld;

beforeAll(async () => {
  if (!existsSync(WORKER)) throw new Error("the relay worker is not built: run npm run build first");
  [postgres, world] = await Promise.all([startPostgres(), startRelayWorld()]);
});

afterAll(async () => {
  await Promise.all([postgres?.stop(), world?.stop()]);
});

/** A database of its own with a relay that only receives, and the order for workers that do the rest. */
async function scene(name: string) {
  const admin = createPool({ url: postgres.url(), applicationName: "test" });
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.end();
  const databaseUrl = postgres.url(name);
  await migrate({ url: databaseUrl, schema: RELAY_SCHEMA, migrations });
  const session = fakeSession(world);
  const setting = { chainId: world.chainId, module: world.module, relayerKey: world.relayerKey, rpcUrls: [world.rpcUrl] };
  const ports = { permissions: new FakePermissions(session), vault: new FakeVault(world.sessionKey) };
  const instance = relayInstance(databaseUrl, setting, ports);
  await instance.pool.query("CREATE TABLE told (execution_id uuid, outcome text, PRIMARY KEY (execution_id, outcome))");
  // All scenes use one session on chain, so each takes intent nonces of its own.
  await instance.pool.query("INSERT INTO relay.intent_nonce (session_id, next) VALUES ($1, $2)", [session.sessionId, Date.now()]);
  const order: WorkerOrder = {
    databaseUrl,
    setting,
    session: { ...session, policy: policyToMessage(session.policy) },
    sessionKey: world.sessionKey,
  };
  const receive = async (amount: bigint) => {
    const action = { call: { to: world.token, value: "0", data: world.transfer(amount) } };
    const fingerprint = createHash("sha256").update(`${amount}`).digest("hex");
    const request = { sessionId: session.sessionId, action, idempotencyKey: randomUUID(), fingerprint };
    return (await instance.relay.receive.receive(ownerOf(world), request)).state.executionId;
  };
  const statuses = async (): Promise<ExecutionStatus[]> =>
    (await instance.pool.query<{ status: ExecutionStatus }>("SELECT status FROM relay.execution")).rows.map(({ status }) => status);
  return { instance, order, receive, statuses };
}

function startWorker(order: WorkerOrder, env: Record<string, string> = {}) {
  return startChild(process.execPath, [WORKER], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, RELAY_WORKER: JSON.stringify(order), LOG_LEVEL: process.env.LOG_LEVEL ?? "error", ...env },
  });
}

/** What must hold once everything has ended: one effect each, no nonce twice, none left out. */
async function expectOneEffectEach(scenery: Awaited<ReturnType<typeof scene>>, before: bigint, sum: bigint, count: number): Promise<void> {
  const { pool } = scenery.instance;
  expect(await scenery.statuses()).toEqual(Array.from({ length: count }, () => "CONFIRMED"));
  expect((await world.received()) - before).toBe(sum);
  const slots = await pool.query("SELECT nonce, execution_id, state FROM relay.slot ORDER BY nonce");
  const nonces = slots.rows.map(({ nonce }) => BigInt(nonce));
  const first = nonces[0] ?? 0n;
  expect(nonces).toEqual(nonces.map((_, i) => first + BigInt(i)));
  expect(new Set(slots.rows.map(({ execution_id }) => execution_id)).size).toBe(count);
  await eventually("every reservation is committed", async () => {
    const { rows } = await pool.query("SELECT outcome, count(*)::int AS n FROM told GROUP BY outcome");
    return rows.length === 1 && rows[0].outcome === "committed" && rows[0].n === count;
  });
}

describe("a relay that is killed", () => {
  test(`every 2 s brings each of ${EXECUTIONS} executions to exactly one effect`, async () => {
    const scenery = await scene("killed_often");
    const { order, receive, statuses, instance } = scenery;
    const before = await world.received();
    let kills = 0;
    let workers = [startWorker(order), startWorker(order)];
    const received: string[] = [];
    const killer = setInterval(() => {
      const [victim, survivor] = workers;
      victim?.kill("SIGKILL");
      kills++;
      workers = [...(survivor === undefined ? [] : [survivor]), startWorker(order)];
    }, KILL_EVERY_MS);
    try {
      for (let i = 0; i < EXECUTIONS; i++) {
        received.push(await receive(1n));
        await new Promise((resolve) => setTimeout(resolve, PACE_MS));
      }
    } finally {
      clearInterval(killer);
    }
    const lastKill = Date.now();
    await eventually("all are terminal", async () => (await statuses()).every(isTerminal), 60_000);
    console.log(JSON.stringify({ executions: EXECUTIONS, kills, terminalAfterLastKillMs: Date.now() - lastKill }));
    await expectOneEffectEach(scenery, before, BigInt(EXECUTIONS), EXECUTIONS);
    for (const worker of workers) worker.kill("SIGKILL");
    await instance.close();
  });

  const points = FAULT_POINTS.filter(
    (point) => !point.startsWith("received.") && !point.startsWith("heal.") && !point.startsWith("final."),
  );
  test.each(points)("at %s goes on where it was", async (point) => {
    const scenery = await scene(`killed_${points.indexOf(point)}`);
    const before = await world.received();
    await Promise.all([1n, 2n, 3n].map((amount) => scenery.receive(amount)));
    const victim = startWorker(scenery.order, { INTERLOCK_FAULTS: "1", INTERLOCK_FAULT_POINT: point });
    await eventually(`killed at ${point}`, () => victim.signalCode === "SIGKILL");
    const successor = startWorker(scenery.order);
    await eventually("all are terminal", async () => (await scenery.statuses()).every(isTerminal), 60_000);
    await expectOneEffectEach(scenery, before, 6n, 3);
    successor.kill("SIGKILL");
    await scenery.instance.close();
  });
});
