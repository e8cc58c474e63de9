import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalPostgres, startPostgres } from "../../deploy/local/postgres.js";
import { EntryRepository } from "../../services/audit/src/adapters/entry-repository.js";
import { PostgresLogStorage } from "../../services/audit/src/adapters/postgres-log-storage.js";
import { readPublishedEvent } from "../../services/audit/src/domain/published-event.js";
import { AUDIT_SCHEMA, migrations } from "../../services/audit/src/migrations.js";
import { migrate } from "../../services/platform/src/database/migrate.js";
import { createPool } from "../../services/platform/src/database/pool.js";
import { eventLogMigrations } from "../../services/platform/src/event-log/postgres/migrations.js";
import { PostgresEventLog } from "../../services/platform/src/event-log/postgres/postgres-event-log.js";
import { systemRandom } from "../../services/platform/src/kernel/random.js";
import { openCheckpoint } from "../../services/platform/src/transparency-log/checkpoint.js";
import { CompactRange } from "../../services/platform/src/transparency-log/compact-range.js";
import { HASH_SIZE, leafHash } from "../../services/platform/src/transparency-log/hash.js";
import { tileWidth } from "../../services/platform/src/transparency-log/tile.js";
import { logSigner, madeEvents, ORIGIN } from "../support/audit/made-log.js";
import { startWorker } from "../support/start-worker.js";

const RUNS = Number(process.env.AUDIT_CRASH_RUNS ?? 6);
const EACH = 60;
const events = madeEvents(RUNS * EACH);

let server: LocalPostgres;
let pool: ReturnType<typeof createPool>;
let log: PostgresEventLog;
let entries: EntryRepository;

beforeAll(async () => {
  server = await startPostgres();
  await migrate({ url: server.url(), schema: AUDIT_SCHEMA, migrations });
  await migrate({ url: server.url(), schema: "eventlog", migrations: eventLogMigrations() });
  pool = createPool({ url: server.url(), applicationName: "audit crash", max: 6, onIdleError: () => undefined });
  log = new PostgresEventLog({ pool, random: systemRandom, partitions: (topic) => (topic.startsWith("audit.") ? 1 : 2) });
  entries = new EntryRepository(pool);
});
afterAll(async () => {
  await log?.close();
  await pool?.end();
  await server?.stop();
});

/** What is killed: the process that writes, Postgres under it, or Postgres and then the process before it has found its way back. */
type Victim = "writer" | "postgres" | "both";
const VICTIMS: readonly Victim[] = ["writer", "postgres", "both"];

/** The victim is killed after the writer has said `lines` times how far it is, at a random moment of the next turn. */
async function killedAfter(lines: number, victim: Victim): Promise<void> {
  const worker = startWorker("audit-worker", { AUDIT_WORKER: server.url() });
  const ended = once(worker, "exit");
  if (worker.stdout === null) throw new Error("the worker says nothing");
  let seen = 0;
  for await (const _ of createInterface({ input: worker.stdout })) if (++seen > lines) break;
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
  if (victim !== "writer") {
    await server.kill();
    await server.start();
  }
  if (victim === "postgres") await goesOn(worker);
  worker.kill("SIGKILL");
  await ended;
}

/** Resolves once the writer has written again after its database came back. */
async function goesOn({ exitCode }: { readonly exitCode: number | null }): Promise<void> {
  expect(exitCode).toBe(null);
  const before = await entries.settled();
  const waits = await entries.next();
  await expect.poll(async () => (await entries.settled()) > before || before === waits, { timeout: 60_000 }).toBe(true);
}

/** Tree, checkpoints, database and topic, held against each other. */
async function expectAgreement(): Promise<void> {
  const storage = new PostgresLogStorage(pool, entries);
  const { size, root } = await storage.state();
  const hashes = size === 0 ? [] : (await entries.unsettled(0n, size)).map(({ bytes }) => leafHash(bytes));
  const range = new CompactRange();
  const roots = new Map<number, Buffer>([[0, range.root()]]);
  for (const [i, hash] of hashes.entries()) {
    range.appendLeaf(hash);
    roots.set(i + 1, range.root());
  }
  expect(range.root()).toEqual(root);
  for (let index = 0; tileWidth(0, index, size) > 0; index++) {
    const width = tileWidth(0, index, size);
    const tile = await storage.tile(0, index, width);
    expect(tile).toEqual(Buffer.concat(hashes.slice(index * 256, index * 256 + width)));
    expect(tile.length).toBe(width * HASH_SIZE);
  }
  const { rows } = await pool.query<{ note: Buffer }>("SELECT note FROM audit.checkpoint ORDER BY size");
  for (const { note } of rows) {
    const checkpoint = openCheckpoint(note, ORIGIN, [logSigner.verifier]);
    expect(roots.get(checkpoint.size)).toEqual(checkpoint.root);
  }
  const published = await log.read({ topic: "audit.v1", partition: 0, fromOffset: 0n, limit: 100_000 });
  const kept = new Map((await entries.unsettled(0n, Number(await entries.next()))).map(({ logIndex, bytes }) => [String(logIndex), bytes]));
  let next = 0n;
  for (const { headers, value } of published) {
    const index = BigInt(headers.logindex ?? -1);
    expect(value).toEqual(kept.get(String(index)));
    // A batch may go out again after a crash, none is left out.
    expect(index <= next).toBe(true);
    if (index === next) next += 1n;
  }
}

describe("the audit log while what writes it, and Postgres under it, are killed with -9", () => {
  it(`agrees with itself after each of ${RUNS} kills, and takes no checkpoint back`, { timeout: 3_600_000 }, async () => {
    const checkpoints = new Map<string, string>();
    for (let run = 0; run < RUNS; run++) {
      const records = events.slice(run * EACH, (run + 1) * EACH).map((value, i) => ({ key: `k${i % 5}`, value, headers: {} }));
      await log.publish("session.lifecycle.v1", records);
      await killedAfter(run % 4, VICTIMS[run % VICTIMS.length] ?? "writer");
      await expectAgreement();
      const { rows } = await pool.query<{ size: string; note: Buffer }>("SELECT size, note FROM audit.checkpoint");
      const now = new Map(rows.map(({ size, note }) => [size, note.toString("base64")]));
      for (const [size, note] of checkpoints) expect(now.get(size)).toBe(note);
      for (const [size, note] of now) checkpoints.set(size, note);
    }
  });

  it("has every event once, in the order each producer counted, when it has caught up", { timeout: 900_000 }, async () => {
    const worker = startWorker("audit-worker", { AUDIT_WORKER: server.url() });
    const ended = once(worker, "exit");
    await expect.poll(async () => Number(await entries.settled()), { timeout: 600_000 }).toBe(events.length);
    worker.kill("SIGKILL");
    await ended;
    await expectAgreement();
    const all = (await entries.unsettled(0n, events.length)).map(({ bytes }) => bytes.toString("utf8"));
    expect(new Set(all)).toEqual(new Set(events.map((event) => event.toString("utf8"))));
    const counts = new Map<string, bigint>();
    for (const { source, sequence } of (await entries.unsettled(0n, events.length)).map(({ bytes }) => readPublishedEvent(bytes))) {
      expect(sequence).toBe((counts.get(source) ?? 0n) + 1n);
      counts.set(source, sequence);
    }
  });
});
