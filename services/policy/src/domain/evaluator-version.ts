/** Changes with every change of a verdict; a recorded decision is replayed with the version it names. */
export const EVALUATOR_VERSION = "session-policy/v1+1";
