import type { Hex, PrivateKeyAccount } from "viem";
import { z } from "zod";
import type { Stack } from "../../../deploy/local/stack.js";
import type { Client } from "./client.js";
import type { OwnedSafe } from "./safe.js";
import { until } from "./until.js";

const hex = z.templateLiteral(["0x", z.string()]);

const draftSchema = z.object({
  sessionId: z.string(),
  policyHash: hex,
  policyId: hex,
  safeMessageHash: hex,
  keyAddress: hex,
  armNonce: z.string(),
  armDeadline: z.string(),
  threshold: z.number(),
  signatures: z.array(z.object({ owner: z.string() })).default([]),
  armWithSigCalldata: z.string().default(""),
});
export type Draft = z.infer<typeof draftSchema>;
const sponsored = z.object({ transactionHash: hex });

/** Drafts a grant of `document` (without account, chain and times) for 24 hours. */
export async function draft(client: Client, safe: OwnedSafe, document: object): Promise<Draft> {
  const body = { account: safe.address, chainId: 31_337, document, preset: "24h" };
  return draftSchema.parse(await client.must("POST", "/v1/session_keys/grant", { body }));
}

/** Adds one owner's signature over the draft. */
export async function addSignature(client: Client, drafted: Draft, owner: PrivateKeyAccount): Promise<Draft> {
  const signature = await owner.sign({ hash: drafted.safeMessageHash });
  const path = `/v1/session_keys/${drafted.sessionId}/signatures`;
  return draftSchema.parse(await client.must("POST", path, { body: { owner: owner.address, signature } }));
}

/** Has the relayer send the owners' armWithSig and waits until it is mined. */
export async function sponsorArm({ world }: Pick<Stack, "world">, client: Client, signed: Draft): Promise<Hex> {
  const path = `/v1/session_keys/${signed.sessionId}/sponsor-arm`;
  const answer = sponsored.parse(await client.must("POST", path, { body: { calldata: signed.armWithSigCalldata } }));
  const receipt = await world.client.waitForTransactionReceipt({ hash: answer.transactionHash });
  if (receipt.status !== "success") throw new Error(`the arming transaction ${answer.transactionHash} failed`);
  return answer.transactionHash;
}

/** Confirms, again while the chain has not enough blocks on top yet. */
export async function confirm(client: Client, sessionId: string, transactionHash: Hex): Promise<Record<string, unknown>> {
  const body = { sessionId, transactionHash };
  return until(`the confirmation of ${sessionId}`, async () => {
    const reply = await client.post("/v1/session_keys/grant/confirm", body);
    if (reply.status === 409) return undefined;
    if (reply.status !== 200) throw new Error(`confirm answered ${reply.status}: ${reply.text}`);
    return reply.body;
  });
}

/** From a document to an armed session: drafted, signed by as many owners as needed, sponsored, confirmed. */
export async function grant(stack: Pick<Stack, "world">, client: Client, safe: OwnedSafe, document: object): Promise<Draft> {
  let drafted = await draft(client, safe, document);
  for (const owner of safe.owners.slice(0, drafted.threshold)) drafted = await addSignature(client, drafted, owner);
  await confirm(client, drafted.sessionId, await sponsorArm(stack, client, drafted));
  return drafted;
}
