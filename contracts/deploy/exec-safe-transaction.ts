import {
  type Address,
  concatHex,
  encodeFunctionData,
  type Hex,
  hashTypedData,
  type LocalAccount,
  type TransactionReceipt,
  zeroAddress,
} from "viem";
import type { DeployClient } from "./deploy-client.js";
import { safeAbi } from "./safe-abi.js";
import { requireSuccess } from "./send-and-wait.js";

const SAFE_TX = [
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
] as const;

export interface SafeExecution {
  readonly safe: Address;
  readonly to: Address;
  readonly data: Hex;
  /** Wei; 0 when left out. */
  readonly value?: bigint;
  /** 0 CALL (the default), 1 DELEGATECALL (only for MultiSend). */
  readonly operation?: 0 | 1;
  /** At least as many owners as the Safe's threshold. */
  readonly owners: readonly LocalAccount[];
}

/** Signs a Safe transaction by `owners` and sends it from the client's account, which pays. @throws Error when it reverts. */
export async function execSafeTransaction(client: DeployClient, execution: SafeExecution): Promise<TransactionReceipt> {
  const data = await signSafeTransaction(client, execution);
  return requireSuccess(client, await client.sendTransaction({ to: execution.safe, data, value: 0n }));
}

/** Calldata of `execTransaction` with the owners' EIP-712 signatures, in the ascending order the Safe demands. */
export async function signSafeTransaction(client: DeployClient, execution: SafeExecution): Promise<Hex> {
  const { safe, to, data } = execution;
  const nonce = await client.readContract({ address: safe, abi: safeAbi, functionName: "nonce" });
  const message = {
    to,
    value: execution.value ?? 0n,
    data,
    operation: execution.operation ?? 0,
    safeTxGas: 0n,
    baseGas: 0n,
    gasPrice: 0n,
    gasToken: zeroAddress,
    refundReceiver: zeroAddress,
    nonce,
  };
  const domain = { chainId: client.chain.id, verifyingContract: safe };
  const hash = hashTypedData({ domain, types: { SafeTx: SAFE_TX }, primaryType: "SafeTx", message });
  const signatures = await signInOrder(execution.owners, hash);
  return encodeFunctionData({
    abi: safeAbi,
    functionName: "execTransaction",
    args: [to, message.value, data, message.operation, 0n, 0n, 0n, zeroAddress, zeroAddress, signatures],
  });
}

/** One hash signed by several owners, packed as a Safe wants it: ascending by address, 65 bytes each. */
export async function signInOrder(owners: readonly LocalAccount[], hash: Hex): Promise<Hex> {
  const sorted = owners.toSorted((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
  const signatures = await Promise.all(sorted.map((owner) => signHash(owner, hash)));
  return concatHex(signatures);
}

function signHash(owner: LocalAccount, hash: Hex): Promise<Hex> {
  if (owner.sign === undefined) throw new Error(`account ${owner.address} cannot sign a hash`);
  return owner.sign({ hash });
}
