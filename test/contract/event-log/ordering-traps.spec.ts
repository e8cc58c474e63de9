import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { LogReader } from "../../../services/platform/src/event-store/log-reader.js";
import { metadata, opened, used } from "../../support/event-data.js";
import { type Eventing, eventing } from "../../support/eventing.js";

let on: Eventing;
beforeAll(async () => {
  on = await eventing();
  // What the naive readers of these tests order by: numbers handed out at insertion, as most event stores do.
  await on.pool.query(`ALTER TABLE ${on.schema}.event ADD COLUMN serial bigint GENERATED ALWAYS AS IDENTITY`);
});
afterAll(() => on.close());

describe("an event whose transaction commits late", () => {
  it("is lost by a reader that polls for positions above its last, and not by the sequencer", async () => {
    const sequencer = on.sequencer({ pollMs: 10 });
    sequencer.start();
    const [late, early] = [on.stream(), on.stream()];
    const naive = naivePoller(on);
    const slow = await on.pool.connect();
    await slow.query("BEGIN");
    await on.store.append(late, 0, [opened()], metadata(), slow);
    await on.store.append(early, 0, [opened()], metadata());
    await naive.poll();
    await slow.query("COMMIT");
    slow.release();
    await naive.poll();
    expect(naive.seen).toEqual([early]);

    await vi.waitFor(() => expect(sequencer.status.position).toBe(2n));
    const entries = await new LogReader(on.pool, on.schema).read(0n, 10);
    expect(entries.map(({ stream }) => stream).sort()).toEqual([late, early].sort());
    await sequencer.stop();
  });
});

describe("a transaction that took its id before it read the stream", () => {
  it("has the versions of the stream inverted by (xid, position), and not by the sequencer", async () => {
    const stream = on.stream();
    await on.store.append(stream, 0, [opened()], metadata());
    const early = await on.pool.connect();
    await early.query("BEGIN");
    // As an idempotency row written first would: the id is taken now, the stream is read later.
    await early.query("SELECT pg_current_xact_id()");
    await on.store.append(stream, 1, [used(2)], metadata());
    await on.store.append(stream, 2, [used(3)], metadata(), early);
    await early.query("COMMIT");
    early.release();

    const { rows } = await on.pool.query<{ version: number }>(
      `SELECT version FROM ${on.schema}.event WHERE stream = $1 ORDER BY xid, serial`,
      [stream],
    );
    expect(rows.map(({ version }) => version)).toEqual([1, 3, 2]);

    const sequencer = on.sequencer({ pollMs: 10 });
    sequencer.start();
    const versions = async () => {
      const entries = await new LogReader(on.pool, on.schema).read(0n, 100);
      return entries.filter((entry) => entry.stream === stream).map(({ version }) => version);
    };
    await vi.waitFor(async () => expect(await versions()).toEqual([1, 2, 3]));
    await sequencer.stop();
  });
});

function naivePoller({ pool, schema }: Eventing) {
  let last = "0";
  const seen: string[] = [];
  const poll = async () => {
    const { rows } = await pool.query<{ serial: string; stream: string }>(
      `SELECT serial, stream FROM ${schema}.event WHERE serial > $1 ORDER BY serial`,
      [last],
    );
    for (const row of rows) {
      last = row.serial;
      seen.push(row.stream);
    }
  };
  return { seen, poll };
}
