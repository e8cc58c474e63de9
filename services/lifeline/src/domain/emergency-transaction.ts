import { type Address, type Hex, isAddressEqual, parseTransaction, recoverTransactionAddress, type TransactionSerialized } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { decodeEmergencyCall, type EmergencyCall } from "./emergency-call.js";

/** What a submitted transaction is held against. */
export interface Destination {
  readonly chainId: number;
  readonly module: Address;
  /** Most native value a close may carry, in wei: enough for protocols that charge an execution fee. */
  readonly maxValue: bigint;
}

/** A signed transaction that may go out: it does one emergency thing and nothing else. */
export interface EmergencyTransaction extends EmergencyCall {
  readonly sender: Address;
  readonly value: bigint;
  readonly data: Hex;
  readonly raw: Hex;
}

function refuse(field: string, rule: string, value: string): never {
  throw new InterlockError("VALIDATION_FAILED", `${field}: ${rule}, saw ${value}`, { details: { field, rule, value } });
}

/**
 * Decodes a signed raw transaction and checks everything that can be checked without a chain.
 * @throws InterlockError VALIDATION_FAILED or FUNCTION_NOT_ALLOWED, naming what is wrong.
 */
export async function readEmergencyTransaction(raw: Hex, destination: Destination): Promise<EmergencyTransaction> {
  const serialized = raw as TransactionSerialized;
  const { transaction, sender } = await parse(serialized);
  if (transaction.chainId !== destination.chainId)
    refuse("transaction.chainId", `must be ${destination.chainId}`, String(transaction.chainId));
  if (!transaction.to || !isAddressEqual(transaction.to, destination.module)) {
    refuse("transaction.to", `must be the session module ${destination.module}`, transaction.to ?? "contract creation");
  }
  const value = transaction.value ?? 0n;
  if (value > destination.maxValue) refuse("transaction.value", `must be at most ${destination.maxValue} wei`, value.toString());
  if ("authorizationList" in transaction && transaction.authorizationList !== undefined) {
    refuse("transaction.authorizationList", "must be absent", "an EIP-7702 authorization");
  }
  const data = transaction.data ?? "0x";
  const call = decodeEmergencyCall(data);
  if (value > 0n && call.action !== "close_all") refuse("transaction.value", "must be 0 for a disarm", value.toString());
  return { ...call, sender, value, data, raw };
}

async function parse(serialized: TransactionSerialized) {
  try {
    return { transaction: parseTransaction(serialized), sender: await recoverTransactionAddress({ serializedTransaction: serialized }) };
  } catch (cause) {
    const details = { field: "rawTransaction", rule: "a signed transaction (EIP-2718 or legacy), hex" };
    throw new InterlockError("VALIDATION_FAILED", "rawTransaction: is not a signed transaction", { details, cause });
  }
}
