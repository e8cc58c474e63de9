import { encodeFunctionData } from "viem";
import { deploySafe } from "../../../../contracts/deploy/deploy-safe.js";
import { mintTestToken } from "../../../../contracts/deploy/deploy-test-token.js";
import { enableSessionModule } from "../../../../contracts/deploy/enable-session-module.js";
import { execSafeTransaction } from "../../../../contracts/deploy/exec-safe-transaction.js";
import { metavaultRegistryAbi } from "../../../../contracts/generated/metavault-registry.js";
import { fund } from "../../world.js";
import { OutsideConsumer } from "../outside-consumer.js";
import { type Story, USDC } from "../story.js";

/** What the Safe holds when the story begins. */
export const SAFE_START = 10_000n * USDC;

/** A Safe of one owner, with the module enabled; the owner signs in; an outsider begins to read. */
export async function setting(story: Story): Promise<void> {
  const { stack, narrator, owner } = story;
  const { client, contracts, token, vault } = stack.world;
  narrator.chapter("The setting");
  await narrator.step("safe", "A genuine Safe 1.4.1 is deployed for one owner", async () => {
    await fund(stack.world, owner.address, "10");
    story.safe = await deploySafe({ client, owners: [owner.address], threshold: 1, saltNonce: BigInt(Date.now()) });
    await mintTestToken(client, token, story.safe, SAFE_START);
    return { seen: `Safe ${story.safe}, owner ${owner.address}, 10,000 USDC` };
  });
  await narrator.step("module", "The owner enables the session module and lists a vault, by Safe transactions", async () => {
    const enabled = await enableSessionModule(client, { safe: story.safe, sessionModule: contracts.sessionModule, owners: [owner] });
    const data = encodeFunctionData({ abi: metavaultRegistryAbi, functionName: "register", args: [vault] });
    await execSafeTransaction(client, { safe: story.safe, to: contracts.metavaultRegistry, data, owners: [owner] });
    return { seen: `module ${contracts.sessionModule}`, transaction: enabled.transactionHash };
  });
  await narrator.step("siwe_login", "The owner signs in with their wallet (EIP-4361)", async () => {
    await story.ownerCli.must("login", "--key-file", story.ownerKeyFile, "--account", story.safe);
    story.outsider = new OutsideConsumer(story.ownerCli);
    const login = await story.outsider.find("login", ({ type }) => type === "login.completed.v1");
    return { seen: "signed in; the Safe's ownership was checked on chain", position: String(login.logIndex) };
  });
}
