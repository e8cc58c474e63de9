import { decide } from "./decide.js";
import { evolve } from "./evolve.js";
import type { ExecutionCommand } from "./execution-command.js";
import type { ExecutionEvent, Received } from "./execution-event.js";
import type { ExecutionState } from "./execution-state.js";

export const AT = "2026-01-01T00:00:00.000Z";
export const FEES = { maxFeePerGas: "2000", maxPriorityFeePerGas: "100" };
export const SENDER = "0x00000000000000000000000000000000000000aa";
export const BLOCK_A = { blockNumber: "7", blockHash: "0xaaaa", blockTime: "1000" };
export const BLOCK_B = { blockNumber: "8", blockHash: "0xbbbb", blockTime: "1001" };

const received: Received["data"] = {
  executionId: "0199a0a0-0000-7000-8000-000000000001",
  sessionId: "0199a0a0-0000-7000-8000-000000000002",
  account: "0x00000000000000000000000000000000000000ac",
  chainId: "31337",
  at: AT,
  action: { call: { to: SENDER, value: "0", data: "0x" } },
  module: "0x00000000000000000000000000000000000000dd",
  policyId: `0x${"22".repeat(32)}`,
  intentNonce: "3",
  deadline: "1100",
  intentDigest: `0x${"33".repeat(32)}`,
  requestedBy: "owner",
};

export const authorize: ExecutionCommand = { do: "authorize", at: AT, decisionId: "d", reservationId: "r" };
export const sign = (transactionHash: string): ExecutionCommand => ({
  do: "sign",
  at: AT,
  sender: SENDER,
  nonce: "9",
  transactionHash,
  gasLimit: "100000",
  ...FEES,
});
export const broadcast = (transactionHash: string): ExecutionCommand => ({ do: "broadcast", at: AT, transactionHash });
export const replace = (transactionHash: string, kind: "intent" | "void" = "intent"): ExecutionCommand => ({
  do: "replace",
  at: AT,
  transactionHash,
  kind,
  cause: "stuck",
  ...FEES,
});
export const mine = (transactionHash: string, block = BLOCK_A, success = true): ExecutionCommand => ({
  do: "mine",
  at: AT,
  transactionHash,
  ...block,
  success,
  reasons: [],
});
export const finalise = (transactionHash: string, block = BLOCK_A): ExecutionCommand => ({
  do: "finalise",
  at: AT,
  transactionHash,
  ...block,
});
export const lose: ExecutionCommand = { do: "lose", at: AT, nonce: "9" };
export const cancel: ExecutionCommand = { do: "cancel", at: AT, requestedBy: "owner", signingMayBeUnderWay: false };

/** The state and all events after RECEIVED and `commands`. */
export function history(...commands: readonly ExecutionCommand[]): {
  readonly state: ExecutionState;
  readonly events: readonly ExecutionEvent[];
} {
  const events: ExecutionEvent[] = decide(undefined, { do: "receive", received });
  let state = events.reduce<ExecutionState | undefined>(evolve, undefined);
  for (const command of commands) {
    for (const event of decide(state, command)) {
      state = evolve(state, event);
      events.push(event);
    }
  }
  if (state === undefined) throw new Error("an execution begins with RECEIVED");
  return { state, events };
}

export const broadcasted = [authorize, sign("0x1"), broadcast("0x1")] as const;
