import { type Address, type Hex, hashTypedData, type TypedDataDefinition, zeroAddress } from "viem";

const TYPES = {
  SafeTx: [
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "data", type: "bytes" },
    { name: "operation", type: "uint8" },
    { name: "safeTxGas", type: "uint256" },
    { name: "baseGas", type: "uint256" },
    { name: "gasPrice", type: "uint256" },
    { name: "gasToken", type: "address" },
    { name: "refundReceiver", type: "address" },
    { name: "nonce", type: "uint256" },
  ],
} as const;

/** A transaction of a Safe with no gas refund; `operation` 0 is CALL, 1 DELEGATECALL; `value` in wei. */
export interface SafeTransactionOf {
  readonly safe: Address;
  readonly chainId: bigint;
  readonly to: Address;
  readonly value: bigint;
  readonly data: Hex;
  readonly operation: 0 | 1;
  readonly nonce: bigint;
}

/** Typed data of a SafeTx (Safe 1.3.0 and later), for eth_signTypedData_v4. */
export function safeTransactionTypedData(transaction: SafeTransactionOf): TypedDataDefinition<typeof TYPES, "SafeTx"> {
  const { safe, chainId, ...fields } = transaction;
  return {
    domain: { chainId, verifyingContract: safe },
    types: TYPES,
    primaryType: "SafeTx",
    message: { ...fields, safeTxGas: 0n, baseGas: 0n, gasPrice: 0n, gasToken: zeroAddress, refundReceiver: zeroAddress },
  };
}

/** SafeTx hash that the owners sign; equals the Safe's getTransactionHash. */
export function safeTransactionHash(transaction: SafeTransactionOf): Hex {
  return hashTypedData(safeTransactionTypedData(transaction));
}
