import { describe, expect, it, vi } from "vitest";
import { CapabilityRegistry } from "./capability-registry.js";

const clock = { now: () => new Date("2026-01-01T00:00:00Z") };
const registry = () =>
  new CapabilityRegistry(
    "permissions",
    { use: { downWhen: ["DbDown", "SignerDown"] }, disarm: { downWhen: [], needs: ["postgres"] } },
    clock,
  );

describe("the capability registry", () => {
  it("takes a capability down with its condition and brings it back", () => {
    const health = registry();
    expect(health.isAvailable("use")).toBe(true);
    health.raise("DbDown", "postgres", "ECONNREFUSED");
    expect(health.isAvailable("use")).toBe(false);
    health.clear("DbDown", "postgres");
    expect(health.isAvailable("use")).toBe(true);
  });

  it("holds a condition as long as one of its sources does", () => {
    const health = registry();
    health.raise("SignerDown", "vault", "away");
    health.raise("SignerDown", "policy", "away");
    health.clear("SignerDown", "vault");
    expect(health.holds("SignerDown")).toBe(true);
    health.clear("SignerDown", "policy");
    expect(health.holds("SignerDown")).toBe(false);
  });

  it("counts a dependency nobody has reported yet as away", () => {
    const health = registry();
    expect(health.isAvailable("disarm")).toBe(false);
    health.reportDependency({ name: "postgres", up: true });
    expect(health.isAvailable("disarm")).toBe(true);
  });

  it("raises and clears the condition of a dependency with it", () => {
    const health = registry();
    health.reportDependency({ name: "postgres", up: false, condition: "DbDown", reason: "ECONNREFUSED" });
    expect(health.conditions()).toEqual([{ condition: "DbDown", since: "2026-01-01T00:00:00.000Z", reasons: ["ECONNREFUSED"] }]);
    health.reportDependency({ name: "postgres", up: true, condition: "DbDown" });
    expect(health.conditions()).toEqual([]);
  });

  it("refuses by naming the condition", () => {
    const health = registry();
    health.raise("DbDown", "postgres", "x");
    expect(() => health.assertAvailable("use")).toThrow(
      expect.objectContaining({ code: "CONDITION", details: { capability: "use", conditions: ["DbDown"] } }),
    );
  });

  it("knows no capability that was not declared", () => {
    expect(registry().isAvailable("mint")).toBe(false);
    expect(() => registry().assertAvailable("mint")).toThrow(/unknown capability/);
  });

  it("never makes anything possible by another condition", () => {
    const health = registry();
    const before = health.names().filter((name) => health.isAvailable(name));
    health.raise("KafkaDown", "kafka", "x");
    health.raise("DbDown", "postgres", "x");
    expect(health.names().filter((name) => health.isAvailable(name) && !before.includes(name))).toEqual([]);
  });

  it("tells its listeners of changes until they leave", () => {
    const health = registry();
    const listener = vi.fn();
    const leave = health.onChange(listener);
    health.raise("DbDown", "postgres", "x");
    leave();
    health.clear("DbDown", "postgres");
    expect(listener).toHaveBeenCalledTimes(1);
  });
});
