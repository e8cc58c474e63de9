import type { RpcErrorClass } from "./rpc-error-class.js";
import { RPC_ERROR_TABLE } from "./rpc-error-table.js";

/**
 * The meaning of a node's answer. What no row knows counts as transport: it is tried again elsewhere and never held against the operation.
 * @param code JSON-RPC error code, when there was an answer
 */
export function classifyRpcError(message: string, code?: number): RpcErrorClass {
  const row = RPC_ERROR_TABLE.find((candidate) => candidate.message?.test(message) ?? candidate.code === code);
  return row?.class ?? "transport";
}

/** The answer that counts when one transaction went to several nodes: one that took it settles it, a transport error says nothing. */
export function strongestOutcome(outcomes: readonly (RpcErrorClass | "accepted")[]): RpcErrorClass | "accepted" {
  const order = [
    "accepted",
    "already-known",
    "nonce-too-low",
    "underpriced",
    "insufficient-funds",
    "nonce-too-high",
    "busy",
    "revert",
    "rejected",
  ] as const;
  return order.find((outcome) => outcomes.includes(outcome)) ?? "transport";
}
