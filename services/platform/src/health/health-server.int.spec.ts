import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../kernel/clock.js";
import { Metrics } from "../telemetry/metrics.js";
import { CapabilityRegistry } from "./capability-registry.js";
import { EventLoopWatch } from "./event-loop-watch.js";
import { publishHealth } from "./health-metrics.js";
import { type HealthServer, startHealthServer } from "./health-server.js";

describe("the health server", () => {
  const registry = new CapabilityRegistry("vault", { sign: { downWhen: ["DbDown"] } }, systemClock);
  const metrics = new Metrics("vault");
  const eventLoop = new EventLoopWatch();
  let ready = true;
  let server: HealthServer;
  const get = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);

  beforeAll(async () => {
    publishHealth(registry, metrics);
    server = await startHealthServer({
      host: "127.0.0.1",
      port: 0,
      eventLoop,
      ready: () => ready,
      status: () => registry.status(),
      metrics: () => metrics.render(),
    });
  });
  afterAll(async () => {
    await server.close();
    eventLoop.stop();
  });

  it("is alive and ready whatever dependency is away", async () => {
    registry.raise("DbDown", "postgres", "ECONNREFUSED");
    expect((await get("/livez")).status).toBe(200);
    expect((await get("/readyz")).status).toBe(200);
  });

  it("is not ready once the process stops", async () => {
    ready = false;
    expect((await get("/readyz")).status).toBe(503);
    ready = true;
  });

  it("shows conditions and what they take down", async () => {
    registry.raise("DbDown", "postgres", "ECONNREFUSED");
    expect(await (await get("/status")).json()).toMatchObject({
      service: "vault",
      conditions: [{ condition: "DbDown", reasons: ["ECONNREFUSED"] }],
      capabilities: [{ name: "sign", available: false, because: ["DbDown"] }],
    });
  });

  it("has conditions and capabilities among the metrics", async () => {
    const text = await (await get("/metrics?x=1")).text();
    expect(text).toContain('degradation_condition{condition="DbDown",service="vault"} 1');
    expect(text).toContain('capability_available{capability="sign",service="vault"} 0');
  });

  it("knows no other page", async () => {
    expect((await get("/")).status).toBe(404);
  });
});
