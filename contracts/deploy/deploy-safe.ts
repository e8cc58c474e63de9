import { type Address, encodeFunctionData, parseEventLogs, zeroAddress } from "viem";
import type { DeployClient } from "./deploy-client.js";
import { safeAbi, safeProxyFactoryAbi } from "./safe-abi.js";
import { SAFE_1_4_1 } from "./safe-contracts.js";
import { sendAndWait } from "./send-and-wait.js";

export interface SafeOptions {
  readonly owners: readonly Address[];
  /** Owner signatures a Safe transaction needs. */
  readonly threshold: number;
  /** Distinguishes Safes of the same owners. */
  readonly saltNonce: bigint;
}

/** Creates a genuine Safe 1.4.1 with the compatibility fallback handler, and returns its address. The client only pays. */
export async function deploySafe({ client, owners, threshold, saltNonce }: SafeOptions & { client: DeployClient }): Promise<Address> {
  const setup = [
    owners,
    BigInt(threshold),
    zeroAddress,
    "0x",
    SAFE_1_4_1.compatibilityFallbackHandler,
    zeroAddress,
    0n,
    zeroAddress,
  ] as const;
  const initializer = encodeFunctionData({ abi: safeAbi, functionName: "setup", args: setup });
  const data = encodeFunctionData({
    abi: safeProxyFactoryAbi,
    functionName: "createProxyWithNonce",
    args: [SAFE_1_4_1.safeSingleton, initializer, saltNonce],
  });
  const receipt = await sendAndWait(client, { to: SAFE_1_4_1.safeProxyFactory, data });
  const [creation] = parseEventLogs({ abi: safeProxyFactoryAbi, eventName: "ProxyCreation", logs: receipt.logs });
  if (creation === undefined) throw new Error("the proxy factory announced no Safe");
  return creation.args.proxy;
}
