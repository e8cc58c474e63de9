/**
 * What an RPC's answer to a raw transaction means for us:
 * - `already-known`: success, the bytes are in its pool
 * - `nonce-too-low`: the nonce is used; look for all our own hashes
 * - `nonce-too-high`: an earlier nonce is missing at this node; send again later
 * - `underpriced`: raise both fees
 * - `insufficient-funds`: hold until the sender is refilled
 * - `revert`: terminal, with the decoded reason
 * - `rejected`: the node will never take these bytes
 * - `busy`: the node is at its limit; send again later
 * - `transport`: the provider's trouble, never the operation's fault
 */
export type RpcErrorClass =
  | "already-known"
  | "nonce-too-low"
  | "nonce-too-high"
  | "underpriced"
  | "insufficient-funds"
  | "revert"
  | "rejected"
  | "busy"
  | "transport";
