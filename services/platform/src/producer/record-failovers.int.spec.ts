import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Eventing, eventing } from "../../../../test/support/eventing.js";
import { InterlockError } from "../errors/interlock-error.js";
import { EventStore } from "../event-store/event-store.js";
import { CapabilityRegistry } from "../health/capability-registry.js";
import { systemClock } from "../kernel/clock.js";
import { uuidV7Factory } from "../kernel/ids.js";
import { recordFailovers } from "./record-failovers.js";

const ids = uuidV7Factory(systemClock);

describe("changes of the ladder's level", () => {
  let world: Eventing;
  beforeAll(async () => {
    world = await eventing();
  });
  afterAll(() => world.close());

  const opened = (settleMs: number) => {
    const capabilities = new CapabilityRegistry("relay", {}, systemClock);
    const stops: (() => unknown)[] = [];
    const onStop = (_name: string, hook: () => unknown) => void stops.push(hook);
    const flush = recordFailovers({ name: "relay", ids, clock: systemClock, capabilities, onStop }, world.store, settleMs);
    return { capabilities, flush };
  };
  const told = async () => {
    const text = `SELECT data FROM ${world.schema}.event WHERE type = 'producer.failover.v1' ORDER BY xid, version`;
    return (await world.pool.query<{ data: Record<string, unknown> }>(text)).rows.map(({ data }) => data);
  };

  it("are events with the rungs and the conditions, down and up again", async () => {
    const { capabilities } = opened(5);
    capabilities.raise("KafkaDown", "event-log", "away");
    await vi.waitFor(async () => expect(await told()).toMatchObject([{ fromLevel: "L0", toLevel: "L2", conditions: ["KafkaDown"] }]));
    capabilities.clear("KafkaDown", "event-log");
    await vi.waitFor(async () =>
      expect((await told())[1]).toMatchObject({ fromLevel: "L2", toLevel: "L0", conditions: [], unrecorded: 0 }),
    );
  });

  it("are none where a level did not stand", async () => {
    const before = (await told()).length;
    const { capabilities } = opened(200);
    capabilities.raise("DbDown", "database", "not checked yet");
    capabilities.clear("DbDown", "database");
    capabilities.raise("KafkaDown", "event-log", "away");
    await vi.waitFor(async () => expect((await told()).length).toBeGreaterThan(before), { timeout: 30_000 });
    expect((await told()).slice(before)).toMatchObject([{ fromLevel: "L0", toLevel: "L2", conditions: ["KafkaDown"] }]);
  });

  it("are kept in order while the store is away and recorded when it takes them", async () => {
    const before = (await told()).length;
    const append = vi.spyOn(EventStore.prototype, "append").mockRejectedValue(new InterlockError("DEPENDENCY_UNAVAILABLE", "away"));
    const { capabilities, flush } = opened(5);
    capabilities.raise("DbDown", "database", "away");
    await vi.waitFor(() => expect(append).toHaveBeenCalledTimes(1));
    capabilities.raise("SignerDown", "vault", "away");
    await vi.waitFor(() => expect(append).toHaveBeenCalledTimes(2));
    expect(await told()).toHaveLength(before);
    append.mockRestore();
    await flush();
    expect((await told()).slice(before)).toMatchObject([
      { toLevel: "L3" },
      { fromLevel: "L3", toLevel: "L5", conditions: ["DbDown", "SignerDown"] },
    ]);
  });
});
