import { encodeFunctionData, toFunctionSelector } from "viem";
import { deployTestToken, mintTestToken } from "../../../../contracts/deploy/deploy-test-token.js";
import { PROTOCOL_ERC20, RULE_KIND } from "../../../../contracts/deploy/protocols.js";
import { sendAndWait } from "../../../../contracts/deploy/send-and-wait.js";
import { policyRegistryAbi } from "../../../../contracts/generated/policy-registry.js";
import { followingPolicy } from "../policies.js";
import { type DemoSession, hold, made, type Story, USDC } from "../story.js";
import { draftAndSign, employAgent } from "./grant.js";
import { reasonsOf } from "./use.js";

const RULE = { enabledAt: 0, protocolId: PROTOCOL_ERC20, recipientArg: 0, amountArg: 1, kind: RULE_KIND.transfer, exactLength: 68 };

/** A session that follows the registry reaches what is added later, with no signature of its owner. */
export async function following(story: Story): Promise<void> {
  const { narrator, stack } = story;
  const { client, contracts, recipients } = stack.world;
  const payee = made(recipients[0], "a recipient");
  narrator.chapter("The registry grows under a live session");
  const token = await deployTestToken(client, { name: "Test Euro", symbol: "EURC", decimals: 6 });
  await mintTestToken(client, token, story.safe, 100n * USDC);
  let session: DemoSession | undefined;
  const pay = () => story.agentCli.run("exec", made(session, "the session").sessionId, "--transfer", `${token}:${payee}:${USDC}`);
  await narrator.step(
    "following_session",
    "A grant that follows the registry, for a token it does not list: refused by the chain",
    async () => {
      const granted = await draftAndSign(story, "following", followingPolicy(token, payee));
      await story.ownerCli.must("confirm", granted.sessionId, "--tx", granted.transactionHash);
      session = granted;
      await employAgent(story, granted);
      const result = await pay();
      hold(result.code !== 0, "the chain let an unlisted token be paid");
      return { seen: `refused: ${reasonsOf(result)}`, transaction: granted.transactionHash };
    },
  );
  await narrator.step(
    "protocol_added",
    "The governor adds the token, once for everybody; the same session pays with no signature",
    async () => {
      const args = [token, toFunctionSelector("transfer(address,uint256)"), RULE] as const;
      const data = encodeFunctionData({ abi: policyRegistryAbi, functionName: "queueRule", args });
      const { transactionHash } = await sendAndWait(client, { to: contracts.policyRegistry, data });
      const result = await pay();
      hold(result.code === 0, `the session was refused: ${reasonsOf(result)} ${result.stderr}`);
      return { seen: "one registry transaction, no signature by the owner", transaction: transactionHash };
    },
  );
}
