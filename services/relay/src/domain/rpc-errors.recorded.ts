import type { RpcErrorClass } from "./rpc-error-class.js";

/** A node's text as it was seen or as its source prints it, with what it has to mean. */
export interface RecordedRpcError {
  readonly node: "geth" | "nethermind" | "arbitrum" | "anvil" | "besu" | "erigon" | "parity";
  readonly code?: number;
  readonly message: string;
  readonly class: RpcErrorClass;
  /** `recorded`: from a live node or another relayer's regression corpus; `source`: from the node's own source text. */
  readonly from: "recorded" | "source";
}

/** Corpus the table is tested with. The anvil rows are recorded again from the real node by an integration test. */
export const RECORDED_RPC_ERRORS: readonly RecordedRpcError[] = [
  { node: "geth", code: -32000, message: "already known", class: "already-known", from: "source" },
  {
    node: "geth",
    message: "known transaction: 0x7f657507aee0511e36d2d1972a6b22e917cc89f92b6c12c4dbd57eaabb236960",
    class: "already-known",
    from: "recorded",
  },
  { node: "geth", code: -32000, message: "nonce too low", class: "nonce-too-low", from: "source" },
  { node: "geth", code: -32000, message: "nonce too low: next nonce 5, tx nonce 4", class: "nonce-too-low", from: "source" },
  { node: "geth", code: -32603, message: "nonce too low", class: "nonce-too-low", from: "recorded" },
  { node: "geth", message: "nonce too high", class: "nonce-too-high", from: "source" },
  {
    node: "geth",
    message: "in-flight transaction limit reached for delegated accounts",
    class: "nonce-too-high",
    from: "source",
  },
  { node: "geth", code: -32000, message: "replacement transaction underpriced", class: "underpriced", from: "source" },
  { node: "geth", message: "transaction underpriced: tip needed 1000000000, tip permitted 1", class: "underpriced", from: "recorded" },
  { node: "geth", message: "transaction underpriced", class: "underpriced", from: "source" },
  {
    node: "geth",
    message: "insufficient funds for gas * price + value: balance 0, tx cost 21000000000000, overshot 21000000000000",
    class: "insufficient-funds",
    from: "source",
  },
  { node: "geth", message: "transaction would cause overdraft", class: "insufficient-funds", from: "recorded" },
  { node: "geth", code: 3, message: "execution reverted", class: "revert", from: "source" },
  { node: "geth", message: "intrinsic gas too low: gas 20000, minimum needed 21000", class: "rejected", from: "source" },
  { node: "geth", message: "exceeds block gas limit", class: "rejected", from: "source" },
  { node: "geth", message: "tx fee (1.10 ether) exceeds the configured cap (1.00 ether)", class: "rejected", from: "recorded" },
  { node: "geth", message: "txpool is full", class: "busy", from: "source" },
  { node: "nethermind", message: "AlreadyKnown", class: "already-known", from: "recorded" },
  { node: "nethermind", message: "OwnNonceAlreadyUsed", class: "already-known", from: "recorded" },
  { node: "nethermind", message: "OldNonce, Current nonce: 22, nonce of rejected tx: 17", class: "nonce-too-low", from: "recorded" },
  { node: "nethermind", message: "NonceGap, Future nonce. Expected nonce: 10", class: "nonce-too-high", from: "recorded" },
  {
    node: "nethermind",
    message: "FeeTooLow, MaxFeePerGas too low. MaxFeePerGas: 50, BaseFee: 100, MaxPriorityFeePerGas:200, Block number: 5",
    class: "underpriced",
    from: "recorded",
  },
  { node: "nethermind", message: "FeeTooLowToCompete", class: "underpriced", from: "recorded" },
  { node: "nethermind", message: "ReplacementNotAllowed", class: "underpriced", from: "source" },
  {
    node: "nethermind",
    message: "InsufficientFunds, Account balance: 4740799397601480913, cumulative cost: 22019342038993800000",
    class: "insufficient-funds",
    from: "recorded",
  },
  { node: "nethermind", message: "502 Bad Gateway", class: "transport", from: "recorded" },
  {
    node: "arbitrum",
    message: "nonce too low: address 0x336394A3219e71D9d9bd18201d34E95C1Bb7122C, tx: 8089 state: 8090",
    class: "nonce-too-low",
    from: "recorded",
  },
  { node: "arbitrum", message: "transaction rejected: nonce too low", class: "nonce-too-low", from: "recorded" },
  {
    node: "arbitrum",
    message: "nonce too high: address 0x336394A3219e71D9d9bd18201d34E95C1Bb7122C, tx: 8091 state: 8090",
    class: "nonce-too-high",
    from: "recorded",
  },
  {
    node: "arbitrum",
    message:
      "max fee per gas less than block base fee: address 0x336394A3219e71D9d9bd18201d34E95C1Bb7122C, maxFeePerGas: 100000000 baseFee: 109440000",
    class: "underpriced",
    from: "recorded",
  },
  {
    node: "arbitrum",
    message:
      "insufficient funds for gas * price + value: address 0xb68D832c1241bc50db1CF09e96c0F4201D5539C9 have 9934612900000000 want 9936662900000000",
    class: "insufficient-funds",
    from: "recorded",
  },
  { node: "arbitrum", message: "sequencer pending tx pool full, please try again", class: "busy", from: "recorded" },
  { node: "arbitrum", message: "i/o timeout", class: "transport", from: "recorded" },
  { node: "anvil", code: -32003, message: "transaction already imported", class: "already-known", from: "source" },
  { node: "anvil", code: -32003, message: "nonce too low", class: "nonce-too-low", from: "source" },
  { node: "anvil", code: -32003, message: "replacement transaction underpriced", class: "underpriced", from: "source" },
  { node: "anvil", code: -32003, message: "max fee per gas less than block base fee", class: "underpriced", from: "source" },
  { node: "anvil", code: -32003, message: "Insufficient funds for gas * price + value", class: "insufficient-funds", from: "source" },
  { node: "besu", message: "Known transaction", class: "already-known", from: "recorded" },
  { node: "besu", message: "Nonce too low", class: "nonce-too-low", from: "recorded" },
  { node: "besu", message: "Replacement transaction underpriced", class: "underpriced", from: "recorded" },
  { node: "besu", message: "Upfront cost exceeds account balance", class: "insufficient-funds", from: "recorded" },
  { node: "erigon", message: "block already known", class: "already-known", from: "recorded" },
  { node: "erigon", message: "insufficient balance for transfer", class: "insufficient-funds", from: "recorded" },
  { node: "parity", message: "Transaction nonce is too low. Try incrementing the nonce.", class: "nonce-too-low", from: "recorded" },
  { node: "parity", message: "Transaction with the same hash was already imported.", class: "already-known", from: "recorded" },
];
