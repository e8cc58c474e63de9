/** Where an execution stands; the words of the public API (04-relay-auth-api). */
export type ExecutionStatus =
  | "RECEIVED"
  | "DENIED"
  | "AUTHORIZED"
  | "SIM_FAILED"
  | "SIGNED"
  | "BROADCAST"
  | "REPLACED"
  | "MINED"
  | "REORGED"
  | "CONFIRMED"
  | "REVERTED"
  | "CANCELLING"
  | "CANCELLED"
  | "EXPIRED"
  | "HELD";

const TERMINAL: ReadonlySet<ExecutionStatus> = new Set(["DENIED", "SIM_FAILED", "CONFIRMED", "REVERTED", "CANCELLED", "EXPIRED"]);

/** True when nothing more is done for an execution; only a reorg deeper than the confirmations can bring it back. */
export function isTerminal(status: ExecutionStatus): boolean {
  return TERMINAL.has(status);
}
