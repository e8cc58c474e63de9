import type pg from "pg";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { metadata, used } from "../../../../test/support/event-data.js";
import { type Eventing, eventing } from "../../../../test/support/eventing.js";
import { PermanentFailure } from "../event-log/deliver.js";
import { systemRandom } from "../kernel/random.js";
import type { LoggedEvent, Projection } from "./projection.js";
import { ProjectionRunner } from "./projection-runner.js";
import { rebuild } from "./rebuild.js";

let on: Eventing;
let poison: string | undefined;
beforeEach(async () => {
  on = await eventing();
  poison = undefined;
  await on.pool.query(`CREATE TABLE ${on.schema}.usage (stream text PRIMARY KEY, uses integer NOT NULL)`);
});
afterEach(() => on.close());

const usage: Projection = {
  name: "usage",
  tables: ["usage"],
  apply: async (tx: pg.PoolClient, events: readonly LoggedEvent[], table) => {
    for (const { stream } of events) {
      if (stream === poison) throw new PermanentFailure("cannot be applied");
      await tx.query(`INSERT INTO ${table("usage")} AS u VALUES ($1, 1) ON CONFLICT (stream) DO UPDATE SET uses = u.uses + 1`, [stream]);
    }
  },
};

const runner = () => new ProjectionRunner({ pool: on.pool, schema: on.schema, projection: usage, random: systemRandom, pollMs: 10 });
const uses = async () =>
  Object.fromEntries((await on.pool.query(`SELECT stream, uses FROM ${on.schema}.usage`)).rows.map(({ stream, uses }) => [stream, uses]));

async function sequenced(streams: readonly string[], versions: number): Promise<void> {
  for (let version = 0; version < versions; version++) {
    for (const stream of streams) await on.store.append(stream, version, [used(version)], metadata());
  }
  const sequencer = on.sequencer({ pollMs: 10 });
  sequencer.start();
  await vi.waitFor(() => expect(sequencer.status.position).toBe(BigInt(streams.length * versions)));
  await sequencer.stop();
}

describe("a projection", () => {
  it("applies each event once, with two replicas running it side by side", async () => {
    const streams = [on.stream(), on.stream()];
    await sequenced(streams, 5);
    const replicas = [runner(), runner()];
    for (const replica of replicas) replica.start();
    for (const replica of replicas) await vi.waitFor(() => expect(replica.status.position).toBe(10n));
    for (const replica of replicas) await replica.stop();
    expect(await uses()).toEqual(Object.fromEntries(streams.map((stream) => [stream, 5])));
  });

  it("parks what it cannot apply together with its stream, and replays it when it can", async () => {
    const [bad, good] = [on.stream(), on.stream()];
    await sequenced([bad, good], 3);
    poison = bad;
    const running = runner();
    running.start();
    await vi.waitFor(async () => expect(await running.parked()).toEqual({ sequences: 1, items: 3 }));
    await vi.waitFor(async () => expect(await uses()).toEqual({ [good]: 3 }));
    await running.stop();
    await expect(running.replay({ sequence: bad })).rejects.toBeInstanceOf(PermanentFailure);
    poison = undefined;
    expect(await running.replay({ sequence: bad })).toBe(3);
    expect(await uses()).toEqual({ [bad]: 3, [good]: 3 });
  });

  it("stops hard at a gap in the positions", async () => {
    await sequenced([on.stream()], 3);
    await on.pool.query(`ALTER TABLE ${on.schema}.log_entry DISABLE TRIGGER ALL`);
    await on.pool.query(`DELETE FROM ${on.schema}.log_entry WHERE position = 2`);
    const running = runner();
    running.start();
    await vi.waitFor(() => expect(running.status.stopped).toMatchObject({ code: "POSITION_GAP", details: { expected: "2", seen: "3" } }));
    await running.stop();
    expect(await uses()).toEqual({});
  });

  it("is rebuilt beside the live view with the same digest, and shows by another digest that the live view was wrong", async () => {
    const stream = on.stream();
    await sequenced([stream], 4);
    const running = runner();
    while ((await running.step()) > 0);
    const same = await rebuild({ pool: on.pool, schema: on.schema, projection: usage, batch: 3 });
    expect(same).toMatchObject({ position: 4n, after: same.before });
    await on.pool.query(`UPDATE ${on.schema}.usage SET uses = 7`);
    const repaired = await rebuild({ pool: on.pool, schema: on.schema, projection: usage });
    expect(repaired.after).not.toBe(repaired.before);
    expect(await uses()).toEqual({ [stream]: 4 });
  });
});
