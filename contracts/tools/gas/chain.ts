import { type Account, createTestClient, http } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { foundry } from "viem/chains";
import { startChain } from "../../../deploy/local/anvil.js";
import { createDeployClient, type DeployClient } from "../../deploy/deploy-client.js";

/** The development mnemonic every local chain node funds; never used anywhere else. */
const MNEMONIC = "test test test test test test test test test test test junk";

/** When the chain begins, in unix seconds: the same in every run, because its bytes are calldata that is paid for. */
export const START = 1_800_000_000;

/** Runs `work` on a fresh chain with a funded client, and stops the chain whatever happens. */
export async function withChain<T>(work: (client: DeployClient) => Promise<T>): Promise<T> {
  const chain = await startChain({ timestamp: START });
  try {
    const client = createDeployClient({ rpcUrl: chain.url, chain: foundry, account: mnemonicToAccount(MNEMONIC) });
    // Blocks a second apart, whatever the clock says: a busy machine would write other times, and so other bytes, into the calldata.
    await controlOf(client).setBlockTimestampInterval({ interval: 1 });
    return await work(client);
  } finally {
    await chain.stop();
  }
}

/** A client of the same chain for `account`, which gets one ether. */
export async function fundedClient(client: DeployClient, account: Account): Promise<DeployClient> {
  await client.waitForTransactionReceipt({ hash: await client.sendTransaction({ to: account.address, value: 10n ** 18n }) });
  return createDeployClient({ rpcUrl: urlOf(client), chain: client.chain, account });
}

/** Lets `seconds` pass on the chain. */
export async function advance(client: DeployClient, seconds: number): Promise<void> {
  const control = controlOf(client);
  const { timestamp } = await client.getBlock();
  await control.setNextBlockTimestamp({ timestamp: timestamp + BigInt(seconds) });
  await control.mine({ blocks: 1 });
}

function controlOf(client: DeployClient) {
  return createTestClient({ mode: "anvil", chain: client.chain, transport: http(urlOf(client)) });
}

function urlOf(client: DeployClient): string {
  const url: unknown = Reflect.get(client.transport, "url");
  if (typeof url !== "string") throw new Error("the gas tool needs an HTTP transport");
  return url;
}
