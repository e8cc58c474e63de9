/**
 * Every point at which a test may kill the relay, in the order of an execution's life.
 * INTERLOCK_FAULTS=1 with INTERLOCK_FAULT_POINT=<name> makes the process end itself by SIGKILL when it first gets there.
 */
export const FAULT_POINTS = [
  "received.before-commit",
  "received.after-commit",
  "advance.leased",
  "advance.simulated",
  "advance.authorized",
  "advance.vault-signed",
  "signed.before-commit",
  "signed.after-commit",
  "broadcast.sent",
  "broadcast.recorded",
  "mined.before-commit",
  "mined.after-commit",
  "final.before-commit",
  "final.after-commit",
  "settle.before-call",
  "settle.after-call",
  "heal.before-commit",
  "heal.after-commit",
] as const;

export type FaultPoint = (typeof FAULT_POINTS)[number];

const armed = process.env.INTERLOCK_FAULTS === "1" ? process.env.INTERLOCK_FAULT_POINT : undefined;

/** Ends the process here when a test asked for it; otherwise costs one comparison. */
export function faultPoint(point: FaultPoint): void {
  if (armed === point) process.kill(process.pid, "SIGKILL");
}
