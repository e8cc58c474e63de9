import { type Address, createPublicClient, defineChain, fallback, type Hex, http, type PublicClient, parseAbi } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { ChainReader } from "../../application/ports/chain-reader.js";
import type { SafeOwners } from "../../domain/owner-signatures.js";
import { TransportWatch } from "./transport-watch.js";

const safeAbi = parseAbi(["function getOwners() view returns (address[])", "function getThreshold() view returns (uint256)"]);

export interface ViemChainReaderOptions {
  readonly chainId: number;
  /** JSON-RPC URLs in order of preference; may carry credentials, so they are never logged. */
  readonly urls: readonly string[];
  /** Milliseconds one request may take at one provider. Default 3,000. */
  readonly timeoutMs?: number;
}

/** Asks the chain through viem, and tells "no" from "nobody answered". */
export class ViemChainReader implements ChainReader {
  readonly chainId: number;
  private verifiedChain = false;

  constructor(private readonly options: ViemChainReaderOptions) {
    this.chainId = options.chainId;
  }

  acceptsSignature(account: Address, hash: Hex, signature: Hex): Promise<boolean> {
    return this.ask((client) => client.verifyHash({ address: account, hash, signature }), false);
  }

  safeOwners(account: Address): Promise<SafeOwners | undefined> {
    return this.ask<SafeOwners | undefined>(async (client) => {
      const [owners, threshold] = await Promise.all([
        client.readContract({ address: account, abi: safeAbi, functionName: "getOwners" }),
        client.readContract({ address: account, abi: safeAbi, functionName: "getThreshold" }),
      ]);
      return { owners, threshold: Number(threshold) };
    }, undefined);
  }

  /** Resolves when a provider answers and is on the right chain; for the health of the service. */
  async probe(): Promise<void> {
    this.verifiedChain = false;
    await this.ask((client) => client.getBlockNumber(), 0n);
  }

  /** Runs `question`; `no` is the answer when the node answered but the call failed. */
  private async ask<T>(question: (client: PublicClient) => Promise<T>, no: T): Promise<T> {
    const watch = new TransportWatch();
    const client = this.client(watch);
    try {
      await this.checkChain(client);
      const answer = await question(client);
      if (watch.unanswered === undefined || answer !== no) return answer;
    } catch (error) {
      if (error instanceof InterlockError) throw error;
      if (watch.unanswered === undefined) return no;
    }
    throw unavailable("no provider answered", watch.unanswered);
  }

  private client(watch: TransportWatch): PublicClient {
    const { urls, timeoutMs = 3_000, chainId } = this.options;
    const providers = urls.map((url) => http(url, { timeout: timeoutMs, retryCount: 0 }));
    const chain = defineChain({
      id: chainId,
      name: String(chainId),
      nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
      rpcUrls: { default: { http: [...urls] } },
    });
    // The watch is outside the fallback: it sees a failure only when every provider failed.
    return createPublicClient({ chain, transport: watch.wrap(fallback(providers, { retryCount: 1 })) });
  }

  /** A provider of another chain would answer every question wrongly and with confidence. */
  private async checkChain(client: PublicClient): Promise<void> {
    if (this.verifiedChain) return;
    const seen = await client.getChainId();
    if (seen !== this.chainId) throw unavailable(`the provider is on chain ${seen}, not ${this.chainId}`, undefined);
    this.verifiedChain = true;
  }
}

function unavailable(reason: string, cause: unknown): InterlockError {
  return new InterlockError("DEPENDENCY_UNAVAILABLE", `the chain cannot be asked now: ${reason}`, {
    details: { dependency: "chain", condition: "RpcDegraded" },
    cause,
  });
}
