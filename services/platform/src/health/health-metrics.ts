import { LEVELS, levelOf } from "../degradation/ladder.js";
import type { Metrics } from "../telemetry/metrics.js";
import type { CapabilityRegistry } from "./capability-registry.js";
import { CONDITIONS } from "./condition.js";

/** Keeps the gauges of conditions, capabilities and dependencies in step with the registry. */
export function publishHealth(registry: CapabilityRegistry, metrics: Metrics): void {
  const condition = metrics.gauge({ name: "degradation_condition", help: "1 while the condition holds", labelNames: ["condition"] });
  const capability = metrics.gauge({
    name: "capability_available",
    help: "1 while the capability is available",
    labelNames: ["capability"],
  });
  const dependency = metrics.gauge({ name: "dependency_up", help: "1 while the dependency answers", labelNames: ["dependency"] });
  const level = metrics.gauge({ name: "degradation_level", help: "Highest rung of the ladder that holds, 0 to 6" });
  const publish = (): void => {
    for (const name of CONDITIONS) condition.set({ condition: name }, registry.holds(name) ? 1 : 0);
    level.set(LEVELS.indexOf(levelOf(registry.held())));
    for (const name of registry.names()) capability.set({ capability: name }, registry.isAvailable(name) ? 1 : 0);
    for (const { name, up } of registry.status().dependencies) dependency.set({ dependency: name }, up ? 1 : 0);
  };
  registry.onChange(publish);
  publish();
}
