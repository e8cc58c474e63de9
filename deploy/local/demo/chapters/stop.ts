import { erc20Abi } from "viem";
import { hold, made, type Story, USDC } from "../story.js";
import { reasonsOf } from "./use.js";

/** The owner stops the session; nothing is signed afterwards. */
export async function stop(story: Story): Promise<void> {
  const { narrator, stack } = story;
  const { token, recipients } = stack.world;
  const { sessionId } = made(story.payments, "the session");
  narrator.chapter("Stop");
  await narrator.step("disarm", "DISARM: at once, before and regardless of the chain", async () => {
    const { fence } = await story.ownerCli.must("disarm", sessionId, "--reason", "the demo's owner has seen enough");
    hold(fence === "done", `the key should be destroyed, the fence is ${String(fence)}`);
    const event = await made(story.outsider, "the outsider").find(
      "DISARM",
      (e) => e.type === "session.disarmed.v1" && e.subject === sessionId,
    );
    return { seen: "the key is destroyed", position: String(event.logIndex) };
  });
  await narrator.step("use_after_disarm", "A USE afterwards", async () => {
    const payee = made(recipients[0], "a recipient");
    const result = await story.agentCli.run("exec", sessionId, "--transfer", `${token}:${payee}:${USDC}`);
    hold(result.code !== 0, "a USE after DISARM went through");
    return { seen: `refused: ${reasonsOf(result)}` };
  });
  await narrator.step("balances", "The recipient's balance on chain is the sum of the committed USEs", async () => {
    const payee = made(recipients[0], "a recipient");
    const balance = await stack.world.client.readContract({ address: token, abi: erc20Abi, functionName: "balanceOf", args: [payee] });
    // Ten single USDC came from the session that bypassed the server.
    const bypassed = 10n * USDC;
    const committed = made(story.outsider, "the outsider").events.filter(
      (e) => e.type === "session.use.committed.v1" && e.subject === sessionId,
    ).length;
    hold(balance === story.paid + bypassed, `the balance is ${balance}, the sum is ${story.paid + bypassed}`);
    hold(committed === 10, `expected 10 committed USEs on the stream, saw ${committed}`);
    return { seen: `${balance / USDC} USDC = ${story.paid / USDC} through Interlock (10 committed USEs) + ${bypassed / USDC} directly` };
  });
}
