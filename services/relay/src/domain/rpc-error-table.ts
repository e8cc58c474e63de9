import type { RpcErrorClass } from "./rpc-error-class.js";

export interface RpcErrorRow {
  readonly class: RpcErrorClass;
  /** JSON-RPC error code that says it by itself; undefined when only the message does. */
  readonly code?: number;
  readonly message?: RegExp;
}

/**
 * Nodes do not agree on codes, so the message decides; the first row that matches wins.
 * Order matters: "replacement ... nonce" texts are underpriced, and a node wraps one error inside another.
 * Sources: geth core/txpool/errors.go and core/error.go, Nethermind AcceptTxResult, Nitro, Besu, Erigon, anvil; recorded
 * texts stand in rpc-errors.recorded.ts.
 */
export const RPC_ERROR_TABLE: readonly RpcErrorRow[] = [
  {
    class: "already-known",
    message: /already known|alreadyknown|known transaction|already imported|already in the system|already exists in cache/i,
  },
  { class: "already-known", message: /OwnNonceAlreadyUsed/ },
  {
    class: "underpriced",
    message: /replacement ?(transaction|not ?allowed|underpriced)|another (tx|transaction) (which has|with) (the )?same nonce/i,
  },
  {
    class: "underpriced",
    message: /transaction underpriced|fee ?too ?low|gas price (is )?(too low|below|less than)|gas price '?\d+'? is below/i,
  },
  { class: "underpriced", message: /max fee per gas less than block base fee|is less than the block's baseFee/i },
  { class: "nonce-too-low", message: /nonce (is )?too low|invalid transaction nonce|oldnonce/i },
  { class: "nonce-too-high", message: /nonce (is )?too high|noncegap|noncetoofarinfuture|gapped-nonce|in-flight transaction limit/i },
  {
    class: "insufficient-funds",
    message:
      /insufficient (funds|balance)|insufficientfunds|not enough funds|exceeds account balance|cause overdraft|INSUFFICIENT_PAYER_BALANCE/i,
  },
  { class: "busy", message: /txpool is full|tx ?pool (is )?full|queue full|too many (requests|transactions)|rate limit|limit exceeded/i },
  { class: "revert", code: 3 },
  { class: "revert", message: /execution reverted|revert(ed)? with|VM Exception while processing transaction/i },
  {
    class: "rejected",
    message:
      /intrinsic gas too low|exceeds (the )?(block gas limit|configured cap)|gaslimitexceeded|fee cap exceeded|invalid (sender|chain id|signature)/i,
  },
  {
    class: "rejected",
    message: /oversized data|max initcode size|transaction type not supported|max priority fee per gas higher than max fee/i,
  },
  { class: "busy", code: -32005 },
];
