import { type Address, createPublicClient, erc4626Abi, fallback, http, type PublicClient } from "viem";
import { metavaultRegistryAbi } from "../../../../contracts/generated/metavault-registry.js";

export interface VaultPosition {
  readonly vault: Address;
  readonly shares: bigint;
  readonly assets: bigint;
}

/** Positions of an account as the chain itself lists them. */
export class PositionReader {
  private readonly client: PublicClient;

  constructor(
    rpcUrls: readonly string[],
    private readonly metavaults: Address,
  ) {
    this.client = createPublicClient({ transport: fallback(rpcUrls.map((url) => http(url, { timeout: 5_000, retryCount: 0 }))) });
  }

  async of(account: Address): Promise<readonly VaultPosition[]> {
    const held = await this.client.readContract({
      address: this.metavaults,
      abi: metavaultRegistryAbi,
      functionName: "positionsOf",
      args: [account],
    });
    return Promise.all(
      held.map(async ({ vault, shares }) => ({
        vault,
        shares,
        assets: await this.client.readContract({ address: vault, abi: erc4626Abi, functionName: "previewRedeem", args: [shares] }),
      })),
    );
  }
}
