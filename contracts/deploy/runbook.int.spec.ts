import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Address, encodeFunctionData, toHex } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { arbitrum } from "viem/chains";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalChain, startChain } from "../../deploy/local/anvil.js";
import { removeTemporaryFolder, temporaryFolder } from "../../deploy/local/temporary-folder.js";
import { feedDoubleAbi } from "../generated/testing/feed-double.js";
import { readChainArguments } from "./chain-arguments.js";
import { createDeployClient, type DeployClient } from "./deploy-client.js";
import { deployDoubles } from "./deploy-doubles.js";
import { deployTestToken } from "./deploy-test-token.js";
import { planStack } from "./plan-stack.js";
import { sendAndWait } from "./send-and-wait.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const EXAMPLE = join(root, "contracts/deploy/chains/examples/42161.json");
const RUNBOOK = join(root, "docs/operations/contracts.md");
/** Of the mnemonic that every development node funds. */
const DEPLOYER = mnemonicToAccount("test test test test test test test test test test test junk");
const run = promisify(execFile);

let chain: LocalChain;
let client: DeployClient;
let folder: string;

beforeAll(async () => {
  chain = await startChain({ chainId: arbitrum.id });
  client = createDeployClient({ rpcUrl: chain.url, chain: arbitrum, account: DEPLOYER });
  await settle(readChainArguments(EXAMPLE));
  folder = temporaryFolder("runbook");
  for (const path of ["contracts/deploy/chains", "contracts/deploy/addresses"]) mkdirSync(join(folder, path), { recursive: true });
  symlinkSync(join(root, "dist"), join(folder, "dist"));
  symlinkSync(join(root, "contracts/tools"), join(folder, "contracts/tools"));
  writeFileSync(join(folder, "deployer.key"), toHex(DEPLOYER.getHdKey().privateKey ?? new Uint8Array()));
});

afterAll(async () => {
  await chain.stop();
  removeTemporaryFolder(folder);
});

describe("the runbook for a real chain", () => {
  const command = (words: string): string => {
    const found = readFileSync(RUNBOOK, "utf8")
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line.startsWith("node ") && line.includes(words));
    expect(found, `one command of the runbook with ${words}`).toHaveLength(1);
    return found[0] ?? "";
  };

  /** A command as an operator pastes it, in a checkout of its own. */
  const paste = async (words: string): Promise<string> => {
    const [, ...args] = command(words).replaceAll("$RPC_URL", chain.url).split(" ");
    return (await run(process.execPath, args, { cwd: folder })).stdout;
  };

  it("refuses the example as it stands, whose roles are left empty", async () => {
    writeFileSync(argumentsFile(), readFileSync(EXAMPLE));
    await expect(paste("--key-file")).rejects.toThrow("guardian: is the zero address");
  });

  it("prints, deploys, repeats, compares and describes, each with the command in the text", { timeout: 600_000 }, async () => {
    const roles = { guardian: client.account.address, governor: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8" };
    writeFileSync(argumentsFile(), JSON.stringify({ ...JSON.parse(readFileSync(EXAMPLE, "utf8")), ...roles }));
    const planned = planStack(readChainArguments(argumentsFile())).addresses;

    expect(await paste("--dry-run")).toContain(planned.sessionModule);
    expect(await client.getCode({ address: planned.sessionModule })).toBeUndefined();

    await paste("--key-file");
    expect(JSON.parse(readFileSync(join(folder, "contracts/deploy/addresses/42161.json"), "utf8"))).toMatchObject({
      chainId: 42161,
      ...planned,
    });
    const before = await client.getBlockNumber();
    await paste("--key-file");
    expect(await client.getBlockNumber()).toBe(before);

    const compared = await paste("check-deployment");
    expect(compared.match(/^equal /gm)).toHaveLength(6);
    expect(compared).not.toContain("DIFFERS");

    await paste("clear-signing");
    const descriptor = readFileSync(join(folder, "descriptors/calldata-session-module.json"), "utf8");
    expect(descriptor).toContain(planned.sessionModule);
  });
});

const argumentsFile = () => join(folder, "contracts/deploy/chains/42161.json");

/** Puts test doubles where the example says that tokens, feeds and router stand, with fresh prices. */
async function settle({ swap, tokens }: ReturnType<typeof readChainArguments>): Promise<void> {
  if (swap === undefined) throw new Error("the example has no swap router");
  const usd = await deployTestToken(client, { name: "Test USD", symbol: "USDC", decimals: 6 });
  const doubles = await deployDoubles(client, usd);
  const eighteen = doubles.outputToken;
  await standIn(swap.router, doubles.swap.router);
  for (const { token, feed, tokenDecimals } of swap.feeds) {
    expect(tokens).toContain(token);
    await standIn(token, tokenDecimals === 6 ? usd : eighteen);
    await standIn(feed, doubles.ethFeed);
    await sendAndWait(client, { to: feed, data: encodeFunctionData({ abi: feedDoubleAbi, functionName: "set", args: [10n ** 8n] }) });
  }
}

/** The code of `double` at an address of the real chain; what it keeps in storage starts at 0. */
async function standIn(address: Address, double: Address): Promise<void> {
  const code = await client.getCode({ address: double });
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "anvil_setCode", params: [address, code] });
  await fetch(chain.url, { method: "POST", headers: { "content-type": "application/json" }, body });
}
