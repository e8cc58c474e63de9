import { createPublicClient, fallback, http, type PublicClient } from "viem";

/** The configured RPC nodes: one client that fails over for reads, and each of them alone for sends and agreement. */
export interface Providers {
  readonly reads: PublicClient;
  readonly each: readonly PublicClient[];
}

export interface ProviderOptions {
  /** In order of preference; may carry credentials, so they are never logged. */
  readonly urls: readonly string[];
  readonly timeoutMs: number;
}

/** Clients for every node; touches no network. Calls made in one turn of the event loop travel as one JSON-RPC batch. */
export function createProviders({ urls, timeoutMs }: ProviderOptions): Providers {
  const transports = urls.map((url) => http(url, { batch: { batchSize: 100, wait: 0 }, timeout: timeoutMs, retryCount: 0 }));
  const cacheTime = 0;
  return {
    reads: createPublicClient({ transport: fallback(transports, { retryCount: 0 }), cacheTime }),
    each: transports.map((transport) => createPublicClient({ transport, cacheTime })),
  };
}
