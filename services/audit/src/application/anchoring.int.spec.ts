import { bytesToHex, createPublicClient, http } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { foundry } from "viem/chains";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDeployClient } from "../../../../contracts/deploy/deploy-client.js";
import { auditAnchorAbi, auditAnchorBytecode } from "../../../../contracts/generated/audit-anchor.js";
import { type LocalChain, startChain } from "../../../../deploy/local/anvil.js";
import { logSigner, MadeLog, madeEvents } from "../../../../test/support/audit/made-log.js";
import { openChainAnchor } from "../adapters/chain-anchor.js";
import { type AnchorContract, Anchoring } from "./anchoring.js";

const MNEMONIC = "test test test test test test test test test test test junk";
const events = madeEvents(300);
const logOf = (size: number) => new MadeLog(events.slice(0, size));

describe("anchoring a log", () => {
  let chain: LocalChain;
  let contract: AnchorContract;
  const written: string[] = [];
  const anchoring = (log: MadeLog) =>
    new Anchoring({
      contract,
      checkpoints: { newest: () => Promise.resolve({ size: log.size, note: log.checkpoint([logSigner]) }) },
      proving: { consistency: async (from) => (await log.consistency(from)).hashes },
      store: {
        append: (_, __, [event]) => {
          written.push(event?.type ?? "");
          return Promise.resolve({ lastVersion: 1, eventIds: [] });
        },
      },
      ids: { next: () => "id" },
    });

  beforeAll(async () => {
    chain = await startChain();
    const account = mnemonicToAccount(MNEMONIC);
    const client = createDeployClient({ rpcUrl: chain.url, chain: foundry, account });
    const hash = await client.deployContract({ abi: auditAnchorAbi, bytecode: auditAnchorBytecode });
    const { contractAddress } = await client.waitForTransactionReceipt({ hash });
    if (contractAddress === null || contractAddress === undefined) throw new Error("the contract was not deployed");
    const key = account.getHdKey().privateKey;
    if (key === null) throw new Error("the account has no key");
    contract = await openChainAnchor({ rpcUrls: [chain.url], contract: contractAddress, key: bytesToHex(key) });
  });
  afterAll(() => chain.stop());

  it("writes its size and root to the chain, and again when it has grown, each written down", async () => {
    expect(await anchoring(logOf(100)).anchorOnce()).toBe(true);
    expect(await contract.latestSize()).toBe(100);
    expect(await anchoring(logOf(100)).anchorOnce()).toBe(false);
    expect(await anchoring(logOf(250)).anchorOnce()).toBe(true);
    expect(await contract.latestSize()).toBe(250);
    expect(written).toEqual(["audit.anchored.v1", "audit.anchored.v1"]);
  });

  it("is refused by the chain for a log that was rewritten, though its own key signed it", async () => {
    const fork = new MadeLog(madeEvents(300, "fork"));
    await expect(anchoring(fork).anchorOnce()).rejects.toThrow(/Inconsistent/);
    expect(await contract.latestSize()).toBe(250);
  });

  it("costs no more gas than the bar", async () => {
    const client = createPublicClient({ transport: http(chain.url) });
    const block = await client.getBlock({ includeTransactions: true });
    const [transaction] = block.transactions;
    if (transaction === undefined) throw new Error("there is no anchor in the last block");
    const { gasUsed } = await client.getTransactionReceipt({ hash: transaction.hash });
    expect(Number(gasUsed)).toBeLessThanOrEqual(90_000);
  });
});
