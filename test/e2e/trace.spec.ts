import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Stack } from "../../deploy/local/stack.js";
import { newAgent } from "../support/e2e/agent.js";
import { Client } from "../support/e2e/client.js";
import { payees, payments } from "../support/e2e/documents.js";
import { follow, transfer } from "../support/e2e/execution.js";
import { grant } from "../support/e2e/grant.js";
import { readyStack } from "../support/e2e/ready-stack.js";
import { newSafe, USDC } from "../support/e2e/safe.js";
import { signIn } from "../support/e2e/sign-in.js";
import { until } from "../support/e2e/until.js";

const published = z.object({
  type: z.string(),
  source: z.string(),
  correlationid: z.string(),
  traceparent: z.string().optional(),
});
/** What a reader may not see is a line without a type. */
const line = z.union([published, z.object({ withheld: z.literal(true) })]);
const accepted = z.object({ executionId: z.string() });

describe("one trace from the HTTP request to the published event", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await readyStack();
  });
  afterAll(() => stack?.stop());

  const eventsSeenBy = async (client: Client) => {
    const { text } = await client.call("GET", "/v1/audit/events?from=0&limit=200", { headers: { accept: "application/x-ndjson" } });
    const lines = text.split("\n").filter((one) => one !== "");
    return lines.map((one) => line.parse(JSON.parse(one))).flatMap((one) => ("type" in one ? [one] : []));
  };

  it("goes through gateway, relay, permissions and vault, and no event is without one", async () => {
    const safe = await newSafe(stack);
    const anybody = new Client(stack.gatewayUrl);
    const owner = anybody.as((await signIn(anybody, safe.owners[0], safe.address)).accessToken);
    const { sessionId } = await grant(stack, owner, safe, payments(stack.world));
    const agent = await newAgent(owner, sessionId);
    const traceId = randomBytes(16).toString("hex");
    const headers = { "idempotency-key": randomUUID(), traceparent: `00-${traceId}-${randomBytes(8).toString("hex")}-01` };
    const action = transfer(stack.world.token, payees(stack.world)[0], USDC);
    const { executionId } = accepted.parse(await agent.client.must("POST", "/v1/executions", { body: { sessionId, action }, headers }));
    await follow(agent.client, executionId);

    const all = await until("session.use.authorized.v1", async () => {
      const events = await eventsSeenBy(owner);
      const done = events.some(({ type, correlationid }) => type === "execution.mined.v1" && correlationid === executionId);
      return done ? events : undefined;
    });
    const traced = all.filter(({ traceparent }) => traceparent?.split("-")[1] === traceId).map(({ type }) => type);
    expect(traced).toEqual(
      expect.arrayContaining(["execution.received.v1", "session.use.authorized.v1", "key.signed.v1", "execution.signed.v1"]),
    );
    expect(all.filter(({ traceparent }) => traceparent === undefined).map(({ type, source }) => `${source} ${type}`)).toEqual([]);
  });
});
