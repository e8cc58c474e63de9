import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Eventing, eventing } from "../../../../test/support/eventing.js";
import { systemClock } from "../kernel/clock.js";
import { uuidV7Factory } from "../kernel/ids.js";
import { announceStart } from "./announce-start.js";

const runtime = { name: "relay", ids: uuidV7Factory(systemClock) } as const;

describe("the start of a producer", () => {
  let world: Eventing;
  beforeAll(async () => {
    world = await eventing();
  });
  afterAll(() => world.close());

  const started = async () => {
    const text = `SELECT data, metadata FROM ${world.schema}.event WHERE type = 'producer.started.v1' ORDER BY xid`;
    return (await world.pool.query<{ data: Record<string, string>; metadata: Record<string, string> }>(text)).rows;
  };

  it("is on its log once, however often the database came back, under no account's key", async () => {
    const announce = announceStart(runtime, world.store);
    await announce();
    await announce();
    const [first, ...more] = await started();
    expect(more).toEqual([]);
    expect(first?.data).toMatchObject({ service: "relay", lastSequence: "0", lastHash: "0".repeat(64) });
    expect(first?.metadata).toMatchObject({ partitionKey: "cluster", subject: "relay", actor: { type: "service", id: "relay" } });
  });

  it("names the last sequence and hash its predecessor left", async () => {
    const sequencer = world.sequencer();
    sequencer.start();
    await expect.poll(() => sequencer.status.position, { timeout: 10_000 }).toBe(1n);
    await announceStart(runtime, world.store)();
    const { rows } = await world.pool.query(
      `SELECT encode(sha256(bytes), 'hex') AS hash FROM ${world.schema}.log_entry WHERE position = 1`,
    );
    expect((await started()).at(-1)?.data).toMatchObject({ lastSequence: "1", lastHash: rows[0]?.hash });
  });
});
