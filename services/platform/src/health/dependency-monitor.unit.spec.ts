import { describe, expect, it, vi } from "vitest";
import { systemClock } from "../kernel/clock.js";
import { CapabilityRegistry } from "./capability-registry.js";
import { DependencyMonitor, type DependencyMonitorOptions } from "./dependency-monitor.js";

const random = { bytes: (length: number) => new Uint8Array(length), fraction: () => 0 };

function watched(check: DependencyMonitorOptions["check"], extra: Partial<DependencyMonitorOptions> = {}) {
  const registry = new CapabilityRegistry("relay", { read: { downWhen: ["RpcDegraded"] } }, systemClock);
  const monitor = new DependencyMonitor({
    name: "rpc",
    condition: "RpcDegraded",
    check,
    registry,
    random,
    intervalMs: 10,
    retryMs: 2,
    ...extra,
  });
  return { registry, monitor };
}

describe("a dependency monitor", () => {
  it("counts the dependency as down until it has answered", async () => {
    const { registry, monitor } = watched(() => Promise.resolve());
    monitor.start();
    expect(registry.holds("RpcDegraded")).toBe(true);
    await vi.waitFor(() => expect(registry.holds("RpcDegraded")).toBe(false));
    await monitor.stop();
  });

  it("goes on for ever while the dependency refuses, and notices when it comes", async () => {
    let up = false;
    let checks = 0;
    const { registry, monitor } = watched(() => {
      checks += 1;
      return up ? Promise.resolve() : Promise.reject(Object.assign(new Error("no"), { code: "ECONNREFUSED" }));
    });
    monitor.start();
    await vi.waitFor(() => expect(checks).toBeGreaterThan(3));
    expect(registry.conditions()[0]?.reasons).toEqual(["ECONNREFUSED"]);
    up = true;
    await vi.waitFor(() => expect(registry.holds("RpcDegraded")).toBe(false));
    await monitor.stop();
  });

  it("gives a check up that hangs, as it does when packets are dropped", async () => {
    const { registry, monitor } = watched(() => new Promise(() => undefined), { timeoutMs: 5 });
    monitor.start();
    await vi.waitFor(() => expect(registry.conditions()[0]?.reasons).toEqual(["TimeoutError"]));
    await monitor.stop();
  });

  it("tolerates two failures of what was up and reports the third", async () => {
    let fail = 0;
    const onDown = vi.fn();
    const { registry, monitor } = watched(() => (fail-- > 0 ? Promise.reject(new Error("no")) : Promise.resolve()), { onDown });
    monitor.start();
    await vi.waitFor(() => expect(registry.holds("RpcDegraded")).toBe(false));
    fail = 2;
    await vi.waitFor(() => expect(fail).toBeLessThan(0));
    expect(onDown).not.toHaveBeenCalled();
    fail = 3;
    await vi.waitFor(() => expect(onDown).toHaveBeenCalledTimes(1));
    await monitor.stop();
  });

  it("connects each time the dependency comes up, and is down while that fails", async () => {
    const onUp = vi.fn().mockRejectedValueOnce(new Error("not yet")).mockResolvedValue(undefined);
    const { registry, monitor } = watched(() => Promise.resolve(), { onUp });
    monitor.start();
    await vi.waitFor(() => expect(registry.holds("RpcDegraded")).toBe(false));
    expect(onUp).toHaveBeenCalledTimes(2);
    await monitor.stop();
  });
});
