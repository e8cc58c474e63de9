import { InterlockError } from "../errors/interlock-error.js";
import type { Condition } from "../health/condition.js";
import { allows, type LadderCapability, modeOf, refusing } from "./ladder.js";

/** @throws InterlockError CONDITION naming what is down, when the ladder does not serve `capability` while `held` conditions stand */
export function requireCell(capability: LadderCapability, held: ReadonlySet<Condition>): void {
  if (allows(capability, held)) return;
  const conditions = refusing(capability, held);
  throw new InterlockError("CONDITION", `${capability} is not possible now: ${conditions.join(", ")}`, {
    details: { capability, conditions, mode: modeOf(capability, held) },
  });
}
