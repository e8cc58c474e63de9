import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { paymentsPolicy } from "../policies.js";
import { type DemoSession, made, type Story } from "../story.js";

const hex = z.templateLiteral(["0x", z.string()]);
const grantedSchema = z.object({ sessionId: z.string(), policyId: hex, transactionHash: hex, summary: z.string(), policyHash: z.string() });

type Granted = z.infer<typeof grantedSchema>;

/** Drafts, signs and sends a grant through the owner's terminal; the chain has it armed afterwards, the server does not yet know. */
export async function draftAndSign(story: Story, name: string, policy: unknown): Promise<Granted> {
  const file = join(story.stack.folder, `${name}.policy.json`);
  writeFileSync(file, JSON.stringify(policy));
  const draft = await story.ownerCli.must(
    ...["grant", "--policy", file, "--account", story.safe, "--preset", "24h"],
    ...["--sign-with", story.ownerKeyFile, "--sponsor"],
  );
  const { client } = story.stack.world;
  const granted = grantedSchema.parse(draft);
  await client.waitForTransactionReceipt({ hash: granted.transactionHash });
  return granted;
}

/** Gives the agent a key of its own for the session and signs it in. */
export async function employAgent(story: Story, { sessionId }: DemoSession): Promise<void> {
  const out = join(story.stack.folder, `agent-${sessionId}.jwk`);
  const { credentialId } = await story.ownerCli.must("agent", sessionId, "--out", out);
  await story.agentCli.must("login", "--key-file", out, "--credential", String(credentialId));
}

/** The owner grants a session: a draft in plain English, one signature, and the server reads the chain. */
export async function grant(story: Story): Promise<void> {
  const { narrator, stack } = story;
  const { token, recipients } = stack.world;
  narrator.chapter("The grant");
  let granted: Granted | undefined;
  await narrator.step("grant", "GENERATE: a key is made in the vault, the policy drafted; the owner reads and signs it once", async () => {
    granted = await draftAndSign(story, "payments", paymentsPolicy(token, made(recipients[0], "a recipient")));
    narrator.say(granted.summary);
    const { sessionId } = granted;
    const event = await made(story.outsider, "the outsider").find(
      "GENERATE",
      (e) => e.type === "session.generated.v1" && e.subject === sessionId,
    );
    return { seen: `policyHash ${granted.policyHash}`, position: String(event.logIndex), transaction: granted.transactionHash };
  });
  await narrator.step("arm", "ARM: the server reads the chain, the vault checks the owner's signature and seals the floor", async () => {
    const session = made(granted, "the grant");
    await story.ownerCli.must("confirm", session.sessionId, "--tx", session.transactionHash);
    story.payments = session;
    const event = await made(story.outsider, "the outsider").find(
      "ARM",
      (e) => e.type === "session.armed.v1" && e.subject === session.sessionId,
    );
    return { seen: `session ${session.sessionId} is armed`, position: String(event.logIndex) };
  });
  await narrator.step("agent", "The owner registers an agent's key for this session only; the agent signs in", async () => {
    await employAgent(story, made(story.payments, "the session"));
    return { seen: "private_key_jwt, five-minute tokens" };
  });
}
