import { type Address, type Hex, toFunctionSelector } from "viem";
import type { CliResult } from "../cli.js";
import { hold, made, type Story, USDC } from "../story.js";

/** Exit code of `interlock` for "refused". */
const REFUSED = 3;

const transfer = (token: Address, to: Address, amount: bigint) => ["--transfer", `${token}:${to}:${amount}`];

/** Codes of the reasons a refusal gave. */
export function reasonsOf({ json }: CliResult): string {
  const reasons: unknown = json.reasons;
  if (!Array.isArray(reasons)) return String(json.code ?? "");
  return reasons.map((reason: { code: string }) => reason.code).join(", ");
}

/** Pays once and waits until it is mined. */
async function pay(story: Story, amount: bigint): Promise<{ readonly executionId: string; readonly transactionHash: string }> {
  const { token, recipients } = story.stack.world;
  const { sessionId } = made(story.payments, "the session");
  const done = await story.agentCli.must("exec", sessionId, ...transfer(token, made(recipients[0], "a recipient"), amount));
  story.paid += amount;
  return { executionId: String(done.executionId), transactionHash: String(done.transactionHash) };
}

/** The agent tries something it must not do. */
async function refuse(story: Story, name: string, title: string, expected: string, ...args: readonly string[]): Promise<void> {
  const { sessionId } = made(story.payments, "the session");
  await story.narrator.step(name, title, async () => {
    const result = await story.agentCli.run("exec", sessionId, ...args);
    hold(result.code === REFUSED, `expected a refusal, got exit ${result.code}: ${result.stderr} ${JSON.stringify(result.json)}`);
    const reasons = reasonsOf(result);
    hold(reasons.includes(expected), `expected the reason ${expected}, saw ${reasons}`);
    return { seen: `refused by the server: ${reasons}` };
  });
}

/** Inside the limits: mined. Outside: refused, with reasons. */
export async function use(story: Story): Promise<void> {
  const { narrator, stack } = story;
  const { token, recipients } = stack.world;
  const [payee, other] = [made(recipients[0], "a recipient"), made(recipients[1], "another recipient")];
  narrator.chapter("USE, inside the limits and outside");
  for (const [index, amount] of [25n, 40n, 60n].entries()) {
    await narrator.step(`use_${index + 1}`, `USE ${index + 1}: ${amount} USDC to the recipient`, async () => {
      const { executionId, transactionHash } = await pay(story, amount * USDC);
      const event = await made(story.outsider, "the outsider").find(
        "USE",
        ({ type, data }) => type === "session.use.committed.v1" && data.executionId === executionId,
      );
      return { seen: "mined", position: String(event.logIndex), transaction: transactionHash };
    });
  }
  await refuse(story, "deny_recipient", "A wrong recipient", "RECIPIENT_NOT_ALLOWED", ...transfer(token, other, USDC));
  await refuse(story, "deny_amount", "101 USDC where 100 is the most", "PER_OP_EXCEEDED", ...transfer(token, payee, 101n * USDC));
  const unknown: Hex = `${toFunctionSelector("approve(address,uint256)")}${"00".repeat(64)}`;
  await refuse(story, "deny_selector", "A function that is not in the policy", "FUNCTION_NOT_ALLOWED", "--to", token, "--data", unknown);
  await narrator.step("use_to_ten", "Seven more payments at once: ten operations in 24 hours", async () => {
    await Promise.all(Array.from({ length: 7 }, () => pay(story, USDC)));
    return { seen: "ten of ten used" };
  });
  await refuse(story, "deny_eleventh", "The eleventh operation in 24 hours", "OP_RATE_EXCEEDED", ...transfer(token, payee, USDC));
}
