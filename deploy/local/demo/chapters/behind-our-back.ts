import { encodeFunctionData, erc20Abi, parseAbi } from "viem";
import { createDeployClient } from "../../../../contracts/deploy/deploy-client.js";
import { sessionModuleAbi } from "../../../../contracts/generated/session-module.js";
import { depositsPolicy } from "../policies.js";
import { type DemoSession, hold, made, type Story, USDC } from "../story.js";
import { draftAndSign, employAgent } from "./grant.js";

const adapterAbi = parseAbi(["function deposit(address vault, uint256 assets)"]);
const DEPOSIT = 500n * USDC;

/** A second session deposits into a vault, and is then revoked on chain without telling Interlock. */
export async function behindOurBack(story: Story): Promise<void> {
  const { narrator, stack, owner } = story;
  const { client, contracts, token, vault } = stack.world;
  narrator.chapter("A second session, revoked behind our back");
  let session: DemoSession | undefined;
  await narrator.step("second_session", "A second grant: deposits into an ERC-4626 vault", async () => {
    const granted = await draftAndSign(story, "deposits", depositsPolicy(token, contracts.vaultAdapter, vault));
    await story.ownerCli.must("confirm", granted.sessionId, "--tx", granted.transactionHash);
    session = granted;
    await employAgent(story, granted);
    return { seen: granted.summary.split("\n")[0] ?? "", transaction: granted.transactionHash };
  });
  await narrator.step("deposit", "The agent deposits 500 USDC through the vault adapter", async () => {
    const { sessionId } = made(session, "the session");
    const args = encodeFunctionData({ abi: adapterAbi, functionName: "deposit", args: [vault, DEPOSIT] });
    const done = await story.agentCli.must("exec", sessionId, "--adapter", contracts.vaultAdapter, "--args", args);
    const shares = await client.readContract({ address: vault, abi: erc20Abi, functionName: "balanceOf", args: [story.safe] });
    hold(shares > 0n, "the Safe holds no shares of the vault");
    return { seen: `the Safe holds ${shares} shares`, transaction: String(done.transactionHash) };
  });
  await narrator.step("external_revocation", "The owner revokes it from their own wallet; the monitor notices", async () => {
    const { sessionId, policyId } = made(session, "the session");
    const wallet = createDeployClient({ rpcUrl: stack.chain.url, chain: client.chain, account: owner });
    const args = [story.safe, policyId] as const;
    const hash = await wallet.writeContract({ address: contracts.sessionModule, abi: sessionModuleAbi, functionName: "disarm", args });
    const outsider = made(story.outsider, "the outsider");
    const event = await outsider.find("EXTERNAL_REVOCATION", (e) => e.type === "session.revoked_externally.v1" && e.subject === sessionId);
    return { seen: "EXTERNAL_REVOCATION is on the stream", position: String(event.logIndex), transaction: hash };
  });
}
