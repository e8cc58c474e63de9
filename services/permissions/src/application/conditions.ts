import { allows, deniedBy, type LadderCapability } from "#platform/degradation/ladder.js";
import type { CapabilityRegistry } from "#platform/health/capability-registry.js";

/** What of the ladder widens power here: GENERATE and ARM, or a USE. DISARM asks for none of it. */
export type Widening = Extract<LadderCapability, "arm" | "useOpen">;

/**
 * Conditions that hold now and forbid what widens power.
 * @param outboxFull while the event log is away as well, what it would have to take is refused: a log that is behind for ever records nothing
 */
export function forbidding(registry: Pick<CapabilityRegistry, "held">, widening: Widening, outboxFull = false): readonly string[] {
  const held = registry.held();
  const full = outboxFull && held.has("KafkaDown") ? ["KafkaDown"] : [];
  if (allows(widening, held)) return full;
  return [...deniedBy(widening).filter((condition) => held.has(condition)), ...full];
}
