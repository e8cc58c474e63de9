import { deniedBy } from "#platform/degradation/ladder.js";
import type { CapabilityRegistry } from "#platform/health/capability-registry.js";
import type { Condition } from "#platform/health/condition.js";

/** What makes GENERATE, ARM and USE fail closed, by the ladder's table. DISARM asks for none of it. */
export const WIDENING_NEEDS: readonly Condition[] = deniedBy("arm");

/** Conditions that hold now and forbid what widens power. */
export function forbidding(registry: Pick<CapabilityRegistry, "conditions">): readonly string[] {
  const active = registry.conditions().map(({ condition }) => condition);
  return active.filter((condition) => WIDENING_NEEDS.includes(condition));
}
