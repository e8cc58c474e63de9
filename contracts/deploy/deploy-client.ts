import {
  type Account,
  type Chain,
  createWalletClient,
  http,
  type PublicActions,
  publicActions,
  type Transport,
  type WalletClient,
} from "viem";

/** A funded account on one chain that can both read and send. */
export type DeployClient = WalletClient<Transport, Chain, Account> & PublicActions<Transport, Chain, Account>;

/**
 * Client for the deploy functions.
 * @param options.rpcUrl JSON-RPC endpoint of `chain`
 * @param options.account pays for everything that is sent
 */
export function createDeployClient({ rpcUrl, chain, account }: { rpcUrl: string; chain: Chain; account: Account }): DeployClient {
  return createWalletClient({ account, chain, transport: http(rpcUrl), pollingInterval: 50 }).extend(publicActions);
}
