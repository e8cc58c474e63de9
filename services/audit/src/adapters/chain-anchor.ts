import { type Address, bytesToHex, createPublicClient, createWalletClient, fallback, type Hex, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { auditAnchorAbi } from "../../../../contracts/generated/audit-anchor.js";
import type { AnchorContract } from "../application/anchoring.js";

/** Most gas one anchor may take: what 40 hashes cost, and no more whatever the node estimates. */
const MAX_GAS = 200_000n;
const TIMEOUT_MS = 60_000;

export interface ChainAnchorOptions {
  readonly rpcUrls: readonly string[];
  readonly contract: Address;
  /** Key of the account that publishes and pays; a secret. */
  readonly key: Hex;
}

/** AuditAnchor through JSON-RPC. */
export async function openChainAnchor({ rpcUrls, contract, key }: ChainAnchorOptions): Promise<AnchorContract> {
  const transport = fallback(rpcUrls.map((url) => http(url)));
  const account = privateKeyToAccount(key);
  const reader = createPublicClient({ transport });
  const writer = createWalletClient({ transport, account });
  const chainId = await reader.getChainId();
  return {
    chainId: String(chainId),
    address: contract.toLowerCase(),
    latestSize: async () => {
      const [size] = await reader.readContract({ address: contract, abi: auditAnchorAbi, functionName: "latest", args: [account.address] });
      return Number(size);
    },
    anchor: async (size, root, proof) => {
      const args = [BigInt(size), bytesToHex(root), proof.map((hash) => bytesToHex(hash))] as const;
      // Asked first: what the contract would refuse costs nothing then.
      await reader.simulateContract({ address: contract, abi: auditAnchorAbi, functionName: "anchor", args, account, gas: MAX_GAS });
      const hash = await writer.writeContract({
        address: contract,
        abi: auditAnchorAbi,
        functionName: "anchor",
        args,
        chain: null,
        gas: MAX_GAS,
      });
      const receipt = await reader.waitForTransactionReceipt({ hash, timeout: TIMEOUT_MS });
      if (receipt.status !== "success") throw new InterlockError("CONFLICT", `the anchor of ${size} entries was reverted in ${hash}`);
      return { transactionHash: hash };
    },
  };
}
