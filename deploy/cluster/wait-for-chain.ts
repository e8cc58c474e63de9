import type { DeployClient } from "../../contracts/deploy/deploy-client.js";
import { developmentClient } from "../local/world.js";

/** A client of the chain, once it answers. @throws the last error when it does not within `timeoutMs` */
export async function waitForChain(rpcUrl: string, timeoutMs = 120_000): Promise<DeployClient> {
  const client = developmentClient(rpcUrl);
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      await client.getChainId();
      return client;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
