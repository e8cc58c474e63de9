import { findInterlockError } from "#platform/errors/interlock-error.js";

/** Answers that say nothing about the session: whoever gets one tries again. (CONFLICT: it was reserved before, and policy cannot be asked now.) */
const NOT_NOW: readonly string[] = ["RESOURCE_EXHAUSTED", "CONDITION", "DEPENDENCY_UNAVAILABLE", "DEADLINE_EXCEEDED", "CONFLICT"];
const PATIENCE_MS = 60_000;
const PAUSE_MS = 50;

/** The code `work` ends with; undefined when it does not fail. @throws what is no InterlockError */
export async function codeOf(work: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await work();
  } catch (error) {
    const known = findInterlockError(error);
    if (known === undefined) throw error;
    return known.code;
  }
}

/** Somebody who is told "not now" comes back after a pause, but not for ever. */
export class Patience {
  readonly #until = performance.now() + PATIENCE_MS;

  /** Resolves to true, after the pause, when `code` is worth another try. */
  async again(code: string): Promise<boolean> {
    if (!NOT_NOW.includes(code) || performance.now() > this.#until) return false;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    return true;
  }
}
