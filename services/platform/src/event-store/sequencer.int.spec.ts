import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { metadata, opened, used } from "../../../../test/support/event-data.js";
import { type Eventing, eventing } from "../../../../test/support/eventing.js";
import { PostgresEventLog } from "../event-log/postgres/postgres-event-log.js";
import { systemRandom } from "../kernel/random.js";
import { LogReader } from "./log-reader.js";

let on: Eventing;
beforeAll(async () => {
  on = await eventing();
});
afterAll(() => on.close());

describe("the sequencer", () => {
  it("gives committed events dense positions, chains their bytes and publishes exactly those", async () => {
    const eventLog = new PostgresEventLog({ pool: on.pool, random: systemRandom, partitions: () => 1 });
    const sequencer = on.sequencer({ eventLog, pollMs: 20 });
    on.store.onCommit(() => sequencer.wake());
    sequencer.start();
    const streams = Array.from({ length: 8 }, () => on.stream());
    for (let version = 0; version < 5; version++) {
      await Promise.all(streams.map((stream) => on.store.append(stream, version, [version === 0 ? opened() : used(version)], metadata())));
    }
    await vi.waitFor(() => expect(sequencer.status).toMatchObject({ position: 40n, published: 40n, leading: true }));

    const entries = await new LogReader(on.pool, on.schema).read(0n, 100);
    expect(entries.map(({ position }) => position)).toEqual(Array.from({ length: 40 }, (_, n) => BigInt(n + 1)));
    let previous = "00".repeat(32);
    for (const { bytes, position } of entries) {
      const event = JSON.parse(bytes.toString());
      expect(event).toMatchObject({ specversion: "1.0", source: "urn:interlock:permissions", previoushash: previous });
      expect(event.sequence).toBe(position.toString().padStart(20, "0"));
      previous = createHash("sha256").update(bytes).digest("hex");
    }
    const published = await eventLog.read({ topic: "session.lifecycle.v1", partition: 0, fromOffset: 0n, limit: 100 });
    expect(published.map(({ value }) => value.toString())).toEqual(entries.map(({ bytes }) => bytes.toString()));
    await sequencer.stop();
    await eventLog.close();
  });

  it("keeps one leader among replicas and lets another take over when it stops", async () => {
    const [first, second] = [on.sequencer({ campaignMs: 20 }), on.sequencer({ campaignMs: 20 })];
    first.start();
    await vi.waitFor(() => expect(first.status.leading).toBe(true));
    second.start();
    const { term } = first.status;
    await first.stop();
    await vi.waitFor(() => expect(second.status).toMatchObject({ leading: true, term: term + 1n }));
    await second.stop();
  });

  it("looks again at once for an event that an older transaction hid, however long it has rested", async () => {
    const sequencer = on.sequencer({ pollMs: 60_000 });
    const stop = on.store.onCommit(() => sequencer.wake());
    sequencer.start();
    await vi.waitFor(async () => expect(await restsFor(1_000)).toBe(true), { timeout: 30_000, interval: 50 });
    const older = await on.pool.connect();
    await older.query("BEGIN");
    await older.query("SELECT pg_current_xact_id()");
    const { position } = sequencer.status;
    await on.store.append(on.stream(), 0, [opened()], metadata());
    await older.query("COMMIT");
    older.release();
    await vi.waitFor(() => expect(sequencer.status.position).toBe(position + 1n), { timeout: 1_500, interval: 5 });
    stop();
    await sequencer.stop();
  });
});

/** True once the leader has not looked for events for `ms` milliseconds. */
async function restsFor(ms: number): Promise<boolean> {
  const { rows } = await on.pool.query<{ rests: boolean }>(
    `SELECT bool_and(state = 'idle' AND clock_timestamp() - state_change > $1 * interval '1 ms') AS rests
     FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%AS predecessor_sequenced%' AND pid <> pg_backend_pid()`,
    [ms],
  );
  return rows[0]?.rests === true;
}
