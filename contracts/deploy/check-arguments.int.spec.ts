import { fileURLToPath } from "node:url";
import { mnemonicToAccount } from "viem/accounts";
import { foundry } from "viem/chains";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalChain, startChain } from "../../deploy/local/anvil.js";
import { readChainArguments } from "./chain-arguments.js";
import { checkArguments } from "./check-arguments.js";
import { createDeployClient, type DeployClient } from "./deploy-client.js";
import { deployDoubles } from "./deploy-doubles.js";
import { deployTestToken } from "./deploy-test-token.js";
import { deployTestVault } from "./deploy-test-vault.js";

const path = (name: string) => fileURLToPath(new URL(`./chains/${name}.json`, import.meta.url));
const NOBODY = "0x000000000000000000000000000000000000bEEF";
const options = readChainArguments(path("31337"));
let chain: LocalChain;
let client: DeployClient;

beforeAll(async () => {
  chain = await startChain();
  const account = mnemonicToAccount("test test test test test test test test test test test junk");
  client = createDeployClient({ rpcUrl: chain.url, chain: foundry, account });
  const token = await deployTestToken(client, { name: "Test USD", symbol: "USDC", decimals: 6 });
  await deployTestVault(client, { asset: token, name: "Test USD vault", symbol: "vUSDC" });
  await deployDoubles(client, token);
});

afterAll(() => chain.stop());

describe("arguments asked of the chain before they are deployed for ever", () => {
  it("pass where everything stands and answers", async () => {
    await expect(checkArguments(client, options)).resolves.toBeUndefined();
  });

  it("are refused where there is no contract", async () => {
    await expect(checkArguments(client, { ...options, tokens: [NOBODY] })).rejects.toThrow(`tokens.0: there is no contract at ${NOBODY}`);
  });

  it("are refused where a contract is something else", async () => {
    const [token = NOBODY] = options.tokens;
    await expect(checkArguments(client, { ...options, vaults: [token] })).rejects.toThrow(`vaults.0: ${token} does not answer as one`);
  });

  it("are refused where a token has other decimals than the file says", async () => {
    const { swap } = options;
    if (swap === undefined) throw new Error("the development chain has a swap router");
    const feeds = swap.feeds.map((feed) => ({ ...feed, tokenDecimals: feed.tokenDecimals + 1 }));
    await expect(checkArguments(client, { ...options, swap: { ...swap, feeds } })).rejects.toThrow("swap.feeds.0.tokenDecimals");
  });

  it("are refused while nobody holds a role: the example of a real chain cannot be deployed as it is", async () => {
    const example = readChainArguments(path("examples/42161"));
    await expect(checkArguments(client, example)).rejects.toThrow("guardian: is the zero address");
  });

  it("of the example name nothing that stands on another chain", async () => {
    const named = { ...readChainArguments(path("examples/42161")), guardian: NOBODY, governor: NOBODY } as const;
    await expect(checkArguments(client, named)).rejects.toThrow("tokens.0: there is no contract");
  });
});
