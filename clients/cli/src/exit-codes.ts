import { ProblemError } from "./problem.js";

/** What the exit code of `interlock` says; documented in `interlock --help`. */
export const EXIT = { done: 0, failed: 1, usage: 2, refused: 3, unavailable: 4, notLoggedIn: 5 } as const;

/** The exit code for a failure: refused by policy is told apart from away and from not logged in. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof ProblemError)) return EXIT.failed;
  const { status } = error.problem;
  if (status === 401) return EXIT.notLoggedIn;
  if (status === 429 || status >= 500) return EXIT.unavailable;
  return EXIT.refused;
}
