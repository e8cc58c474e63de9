import { createHash } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type LocalPostgres, startPostgres } from "../../deploy/local/postgres.js";
import { PostgresEventLog } from "../../services/platform/src/event-log/postgres/postgres-event-log.js";
import { acquireLogLease } from "../../services/platform/src/event-store/log-lease.js";
import { LogPublisher } from "../../services/platform/src/event-store/log-publisher.js";
import { LogReader } from "../../services/platform/src/event-store/log-reader.js";
import { LogWriter } from "../../services/platform/src/event-store/log-writer.js";
import { systemClock } from "../../services/platform/src/kernel/clock.js";
import { systemRandom } from "../../services/platform/src/kernel/random.js";
import { metadata, opened, used } from "../support/event-data.js";
import { type Eventing, eventingOn } from "../support/eventing.js";
import type { EventingOrder } from "../support/eventing-worker.js";
import { startWorker } from "../support/start-worker.js";

const TOPIC = "session.lifecycle.v1";
const WRITER_FAULTS = ["before-append", "uncommitted", "committed"];
const SEQUENCER_FAULTS = ["leading", "taken", "built", "sequenced", "published", "recorded"];
/** Each round kills at every step again, with writers that die after more appends and at another step. */
const ROUNDS = Array.from({ length: Number(process.env.STORE_FAULTS_ROUNDS ?? 1) }, (_, round) => round);

let server: LocalPostgres;
let on: Eventing;
let eventLog: PostgresEventLog;
/** Highest version per stream that a writer was told is committed. */
const acknowledged = new Map<string, number>();

beforeAll(async () => {
  server = await startPostgres();
  on = await eventingOn({ url: server.url(), drop: async () => {} });
  eventLog = new PostgresEventLog({ pool: on.pool, random: systemRandom, partitions: () => 3 });
});
afterAll(async () => {
  await eventLog?.close();
  await on?.close();
  await server?.stop();
});

describe("processes killed with -9 at each step of append, sequence and publish", () => {
  for (const round of ROUNDS) {
    for (const [place, fault] of SEQUENCER_FAULTS.entries()) {
      it.each([0, 2])(
        `survive a sequencer that dies at "${fault}" after %i passes, and a writer as well, round ${round}`,
        async (after) => {
          const passes = fault === "leading" ? 0 : after;
          const writerFault = WRITER_FAULTS[(place + round) % WRITER_FAULTS.length] ?? "committed";
          const sequencer = run({ url: on.url, role: "sequencer", fault, after: passes });
          const writer = run({ url: on.url, role: "writer", fault: writerFault, after: 60 + 7 * round });
          await Promise.all([writer, sequencer]);
        },
      );
    }
  }

  it("lose no event, double none by position, and put none out of order", async () => {
    const sequencer = on.sequencer({ eventLog, pollMs: 10 });
    sequencer.start();
    const stored = Number((await on.pool.query(`SELECT count(*) AS n FROM ${on.schema}.event`)).rows[0]?.n);
    await vi.waitFor(() => expect(sequencer.status.published).toBe(BigInt(stored)), { timeout: 30_000 });
    await sequencer.stop();

    const entries = await new LogReader(on.pool, on.schema).read(0n, stored + 1);
    expect(entries).toHaveLength(stored);
    const versions = new Map<string, number>();
    let previous = "00".repeat(32);
    for (const { stream, version, bytes } of entries) {
      expect(version).toBe((versions.get(stream) ?? 0) + 1);
      versions.set(stream, version);
      expect(JSON.parse(bytes.toString()).previoushash).toBe(previous);
      previous = createHash("sha256").update(bytes).digest("hex");
    }
    expect(acknowledged.size).toBeGreaterThan(0);
    for (const [stream, version] of acknowledged) expect(versions.get(stream)).toBeGreaterThanOrEqual(version);

    const published = await publishedFirstTimes(stored * 3);
    expect(published.size).toBe(stored);
    for (const { position, bytes } of entries) expect(published.get(position)).toBe(bytes.toString());
  });

  it("leave a zombie sequencer whose writes the term refuses", async () => {
    const zombie = await acquireLogLease(on.pool, on.schema);
    if (zombie === undefined) throw new Error("nobody else leads here");
    const { head } = zombie;
    zombie.release();
    const stream = on.stream();
    await on.store.append(stream, 0, [opened()], metadata());
    await vi.waitFor(async () => {
      const successor = await acquireLogLease(on.pool, on.schema);
      successor?.release();
      expect(successor?.head.term).toBe(head.term + 1n);
    });

    const client = await on.pool.connect();
    const env = { cluster: "test", service: on.schema, version: "0.0.0" };
    const writer = new LogWriter(client, head, { schema: on.schema, env, clock: systemClock, random: systemRandom });
    await expect(writer.writeBatch()).rejects.toMatchObject({ code: "STALE_TERM" });
    client.release();
    const behind = { ...head, published: head.published - 1n };
    const publisher = new LogPublisher(on.pool, behind, { schema: on.schema, eventLog, topic: TOPIC });
    await expect(publisher.publishBatch()).rejects.toMatchObject({ code: "STALE_TERM" });
    const { rows } = await on.pool.query(`SELECT 1 FROM ${on.schema}.log_entry WHERE stream = $1`, [stream]);
    expect(rows).toEqual([]);
    await on.store.append(stream, 1, [used(1)], metadata());
  });
});

/** Runs a worker until it kills itself. */
async function run(order: EventingOrder): Promise<void> {
  const child = startWorker("eventing-worker", { EVENTING_WORKER: JSON.stringify(order) });
  const ended = once(child, "exit");
  if (child.stdout !== null) {
    createInterface(child.stdout).on("line", (line) => {
      const [stream = "", version] = line.split(" ");
      acknowledged.set(stream, Number(version));
    });
  }
  const [, signal] = await ended;
  expect(signal).toBe("SIGKILL");
}

/** Published bytes by position. Repeats must be the same bytes, and new positions of a partition must rise. */
async function publishedFirstTimes(limit: number): Promise<Map<bigint, string>> {
  const first = new Map<bigint, string>();
  for (let partition = 0; partition < 3; partition++) {
    let highest = 0n;
    for (const { value } of await eventLog.read({ topic: TOPIC, partition, fromOffset: 0n, limit })) {
      const text = value.toString();
      const position = BigInt(JSON.parse(text).sequence);
      const known = first.get(position);
      if (known !== undefined) expect(text).toBe(known);
      else {
        expect(position > highest).toBe(true);
        first.set(position, text);
        highest = position;
      }
    }
  }
  return first;
}
