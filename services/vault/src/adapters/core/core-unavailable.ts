import { InterlockError } from "#platform/errors/interlock-error.js";

/** signer-core is away or went away in the middle: nothing was handed out, the same request can be made again. */
export function coreUnavailable(why: string): InterlockError {
  return new InterlockError("DEPENDENCY_UNAVAILABLE", `signer-core is not available: ${why}`, { details: { dependency: "signer-core" } });
}
