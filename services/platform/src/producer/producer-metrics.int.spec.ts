import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { metadata, opened, used } from "../../../../test/support/event-data.js";
import { type Eventing, eventing } from "../../../../test/support/eventing.js";
import { Metrics } from "../telemetry/metrics.js";
import { producerMetrics } from "./producer-metrics.js";

describe("the gauges of a producer", () => {
  let world: Eventing;
  beforeAll(async () => {
    world = await eventing();
  });
  afterAll(() => world.close());

  it("tell what waits for the event log, for projections and in the parking lot, and for how long", async () => {
    const sequencer = world.sequencer();
    const metrics = new Metrics("permissions");
    const measure = producerMetrics(metrics, world.pool, world.schema, sequencer);
    await measure();
    expect(await metrics.render()).toContain('outbox_depth{service="permissions"} 0');

    await world.store.append(world.stream(), 0, [opened(), used(1), used(2)], metadata());
    sequencer.start();
    await expect.poll(() => sequencer.status.position, { timeout: 10_000 }).toBe(3n);
    await world.pool.query(`INSERT INTO ${world.schema}.projection_checkpoint (name, position) VALUES ('uses', 1)`);
    await world.pool.query(
      `INSERT INTO ${world.schema}.parked (consumer, sequence, place, payload, reason) VALUES ('uses', 's', 1, '{}', 'why')`,
    );
    await measure();
    const text = await metrics.render();
    expect(text).toContain('sequencer_leader{service="permissions"} 1');
    expect(text).toContain('outbox_depth{service="permissions"} 3');
    expect(text).toMatch(/outbox_age_seconds\{service="permissions"\} (?!0\n)[0-9.e-]+/);
    expect(text).toContain('parked_events{consumer="uses",service="permissions"} 1');
    expect(text).toContain('projection_lag_positions{projection="uses",service="permissions"} 2');
    expect(text).toMatch(/projection_lag_seconds\{projection="uses",service="permissions"\} (?!0\n)[0-9.e-]+/);
  });
});
