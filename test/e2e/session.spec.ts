import { erc20Abi } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Stack } from "../../deploy/local/stack.js";
import { type Agent, newAgent } from "../support/e2e/agent.js";
import { Client } from "../support/e2e/client.js";
import { payees, payments } from "../support/e2e/documents.js";
import { follow, reasonsOf, transfer, use } from "../support/e2e/execution.js";
import { addSignature, confirm, draft, grant, sponsorArm } from "../support/e2e/grant.js";
import { readStream } from "../support/e2e/read-stream.js";
import { readyStack } from "../support/e2e/ready-stack.js";
import { newSafe, newWallet, type OwnedSafe, USDC } from "../support/e2e/safe.js";
import { signForSafe, signIn, signInMessage, tokensOf } from "../support/e2e/sign-in.js";

let stack: Stack;
let anybody: Client;

beforeAll(async () => {
  stack = await readyStack();
  anybody = new Client(stack.gatewayUrl);
});
afterAll(() => stack?.stop());

describe("a session's life across the nine services", () => {
  let safe: OwnedSafe;
  let owner: Client;
  let sessionId: string;
  let agent: Agent;

  const pay = (amount: bigint, to = payees(stack.world)[0]) => transfer(stack.world.token, to, amount);
  const balance = () => {
    const args = [payees(stack.world)[0]] as const;
    return stack.world.client.readContract({ address: stack.world.token, abi: erc20Abi, functionName: "balanceOf", args });
  };

  beforeAll(async () => {
    safe = await newSafe(stack);
    owner = anybody.as((await signIn(anybody, safe.owners[0], safe.address)).accessToken);
    ({ sessionId } = await grant(stack, owner, safe, payments(stack.world)));
    agent = await newAgent(owner, sessionId);
  });

  it("pays once inside the limits and moves exactly that", async () => {
    const before = await balance();
    expect(await use(agent.client, sessionId, pay(25n * USDC))).toMatchObject({ state: expect.stringMatching(/MINED|CONFIRMED/) });
    expect(await balance()).toBe(before + 25n * USDC);
  });

  it("refuses with its reasons what is outside, and moves nothing", async () => {
    const before = await balance();
    const tooMuch = await use(agent.client, sessionId, pay(101n * USDC));
    const stranger = await use(agent.client, sessionId, pay(USDC, payees(stack.world)[1]));
    expect([tooMuch.state, stranger.state]).toEqual(["DENIED", "DENIED"]);
    expect(reasonsOf(tooMuch)).toContain("PER_OP_EXCEEDED");
    expect(reasonsOf(stranger)).toContain("RECIPIENT_NOT_ALLOWED");
    expect(await balance()).toBe(before);
  });

  it("answers the same idempotency key with the same execution, also when asked many times at once", async () => {
    const before = await balance();
    const answers = await Promise.all(Array.from({ length: 8 }, () => agent.client.execute(sessionId, pay(3n * USDC), "one-payment")));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    const ids = new Set(answers.map(({ body }) => body.executionId));
    expect(ids.size).toBe(1);
    await follow(agent.client, String([...ids][0]));
    const again = await agent.client.execute(sessionId, pay(3n * USDC), "one-payment");
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(again.body.executionId).toBe([...ids][0]);
    expect(await balance()).toBe(before + 3n * USDC);
  });

  it("refuses the same idempotency key for another action", async () => {
    const other = await agent.client.execute(sessionId, pay(4n * USDC), "one-payment");
    expect(other).toMatchObject({ status: 422, body: { code: "IDEMPOTENCY_KEY_REUSED" } });
  });

  it("resumes the stream of an execution after the transition a client has seen", async () => {
    const accepted = await agent.client.execute(sessionId, pay(USDC));
    const path = `/v1/executions/${String(accepted.body.executionId)}/events`;
    const first = await readStream(agent.client, path, (events) => events.length >= 2);
    const whole = await readStream(agent.client, path, () => false);
    const rest = await readStream(agent.client, path, () => false, { lastEventId: 2 });
    expect(whole.map(({ id }) => id)).toEqual(whole.map((_, index) => index + 1));
    expect(first[0]).toEqual(whole[0]);
    expect(rest).toEqual(whole.slice(2));
  });

  it("resumes the audit stream without gap or repetition", async () => {
    const path = "/v1/audit/events";
    const seen = (await readStream(owner, path, (events) => events.length >= 5)).slice(0, 5);
    const last = seen.at(-1)?.id ?? 0;
    const next = await readStream(owner, path, (events) => events.length >= 5, { lastEventId: last });
    expect(next[0]?.id).toBe(last + 1);
    expect([...seen, ...next].map(({ id }) => id)).toEqual([...seen, ...next].map((_, index) => index));
  });

  it("is over at once when the owner stops it", async () => {
    const before = await balance();
    const stopped = await owner.post("/v1/session_keys/revoke", { sessionId, reason: "enough" });
    expect(stopped).toMatchObject({ status: 200, body: { fence: "done" } });
    const after = await use(agent.client, sessionId, pay(USDC));
    expect(after.state).toBe("DENIED");
    expect(reasonsOf(after)).toContain("DISARMED");
    expect(await balance()).toBe(before);
  });
});

describe("a 2-of-3 Safe", () => {
  it("signs in and grants with its owners' signatures collected one by one", async () => {
    const safe = await newSafe(stack, { owners: 3, threshold: 2 });
    const [first, second, third] = safe.owners;
    if (second === undefined || third === undefined) throw new Error("the Safe has three owners");
    const message = await signInMessage(anybody, safe.address);
    const verify = async (who: typeof first) =>
      anybody.post("/v1/auth/verify", { message, signature: await signForSafe(safe.address, message, who), owner: who.address });
    expect(await verify(newWallet())).toMatchObject({ status: 401, body: { code: "SIWE_INVALID" } });
    expect(await verify(third)).toMatchObject({ status: 202, body: { status: "collecting", collected: 1, needed: 2 } });
    const complete = await verify(first);
    expect(complete).toMatchObject({ status: 200, body: { status: "complete" } });
    const client = anybody.as(tokensOf(complete.body).accessToken);

    const drafted = await draft(client, safe, payments(stack.world));
    expect(drafted).toMatchObject({ threshold: 2, signatures: [], armWithSigCalldata: "" });
    const stranger = newWallet();
    const refused = await client.post(`/v1/session_keys/${drafted.sessionId}/signatures`, {
      owner: stranger.address,
      signature: await stranger.sign({ hash: drafted.safeMessageHash }),
    });
    expect(refused).toMatchObject({ status: 403, body: { code: "OWNER_SIGNATURE_INVALID" } });
    const one = await addSignature(client, drafted, second);
    expect(one).toMatchObject({ signatures: [{ owner: expect.any(String) }], armWithSigCalldata: "" });
    expect((await addSignature(client, drafted, second)).signatures).toHaveLength(1);
    const two = await addSignature(client, drafted, third);
    expect(two.signatures).toHaveLength(2);

    const transactionHash = await sponsorArm(stack, client, two);
    expect(await confirm(client, drafted.sessionId, transactionHash)).toMatchObject({ state: "armed" });
    const agent = await newAgent(client, drafted.sessionId);
    const done = await use(agent.client, drafted.sessionId, transfer(stack.world.token, payees(stack.world)[0], 5n * USDC));
    expect(done.state).toMatch(/MINED|CONFIRMED/);
  });
});
