import { type Mode, modeOf } from "#platform/degradation/ladder.js";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Condition } from "#platform/health/condition.js";

/** Modes in which transactions go by lifeline; in all others the owner sends calldata from any wallet. */
const FORWARDING: readonly Mode[] = ["full", "lifeline-page", "raw"];
/** Modes in which Interlock pays where the owner asks for it. */
const SPONSORING: readonly Mode[] = ["full", "lifeline-page"];

/** How an emergency close is served while `held` conditions stand, by the ladder's table. */
export function pathMode(held: ReadonlySet<Condition>): { readonly mode: Mode; readonly forwards: boolean; readonly sponsors: boolean } {
  const mode = modeOf("emergencyClose", held);
  return { mode, forwards: FORWARDING.includes(mode), sponsors: SPONSORING.includes(mode) };
}

/** @throws InterlockError CONDITION when an operator holds a condition under which nothing is to be asked of the chain's nodes */
export function requireForwarding(held: ReadonlySet<Condition>): void {
  const { forwards, mode } = pathMode(held);
  if (forwards) return;
  const conditions = [...held];
  throw new InterlockError("CONDITION", `by calldata only (${mode}) while ${conditions.join(", ")} is held: GET /emergency/calldata`, {
    details: { conditions, mode },
  });
}
