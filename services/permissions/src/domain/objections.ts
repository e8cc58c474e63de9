import { type Reason } from "./reason.js";

/** Where the relay's simulation stands in a list of reasons: `path` of a reason the chain gave. */
const FROM_CHAIN = "chain";
/** What the chain can only call "not in scope", policy names exactly. */
const SCOPE_CODES: readonly string[] = ["TARGET_NOT_ALLOWED", "FUNCTION_NOT_ALLOWED", "RECIPIENT_NOT_ALLOWED"];

/**
 * Policy's reasons, then what the chain adds to them, marked with the operator `simulation`. One code is listed once: a chain that
 * refuses for the same cause is a second witness and no second reason, so it is named in the message of the first.
 */
export function withSimulation(reasons: readonly Reason[], simulation: Reason | undefined): readonly Reason[] {
  if (simulation === undefined) return reasons;
  const same = reasons.findIndex(({ code }) => isSame(code, simulation.code));
  if (same === -1) return [...reasons, fromChain(simulation)];
  return reasons.map((one, i) =>
    i === same ? { ...one, message: `${one.message}; the chain would refuse it too: ${named(simulation)}` } : one,
  );
}

function isSame(code: string, simulated: string): boolean {
  return code === simulated || (simulated === "NOT_IN_SCOPE" && SCOPE_CODES.includes(code));
}

function fromChain(simulation: Reason): Reason {
  return { ...simulation, ruleId: "", path: simulation.path || FROM_CHAIN, operator: "simulation" };
}

function named({ actual, code }: Reason): string {
  return actual === "" ? code : actual;
}
