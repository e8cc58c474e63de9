import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dockerHas, KAFKA_IMAGE, POSTGRES_IMAGE } from "../../deploy/local/docker.js";
import { startKafkaContainer } from "../../deploy/local/kafka/container.js";
import { startPostgresContainer } from "../../deploy/local/postgres-container.js";
import type { Stack } from "../../deploy/local/stack.js";
import { type Agent, newAgent } from "../support/e2e/agent.js";
import { Client } from "../support/e2e/client.js";
import { payees, payments } from "../support/e2e/documents.js";
import { reasonsOf, transfer, use } from "../support/e2e/execution.js";
import { grant } from "../support/e2e/grant.js";
import { readStream } from "../support/e2e/read-stream.js";
import { readyStack } from "../support/e2e/ready-stack.js";
import { newSafe, USDC } from "../support/e2e/safe.js";
import { signIn } from "../support/e2e/sign-in.js";
import { NO_DOCKER, skipLoudly } from "../support/skip-loudly.js";

if (await dockerHas(POSTGRES_IMAGE, KAFKA_IMAGE)) {
  describe("a session's life on Postgres and Kafka in containers", sessionLife);
} else {
  skipLoudly("docker", "lives a session's life on Postgres and Kafka in containers", NO_DOCKER);
}

function sessionLife(): void {
  let stack: Stack;
  let owner: Client;
  let agent: Agent;
  let sessionId: string;
  const pay = (amount: bigint) => use(agent.client, sessionId, transfer(stack.world.token, payees(stack.world)[0], amount));

  beforeAll(async () => {
    stack = await readyStack({ eventLog: "kafka", servers: { postgres: startPostgresContainer, kafka: startKafkaContainer } });
    const anybody = new Client(stack.gatewayUrl);
    const safe = await newSafe(stack);
    owner = anybody.as((await signIn(anybody, safe.owners[0], safe.address)).accessToken);
    ({ sessionId } = await grant(stack, owner, safe, payments(stack.world)));
    agent = await newAgent(owner, sessionId);
  });
  afterAll(() => stack?.stop());

  it("runs on the broker in Docker", () => {
    expect(stack.kafka?.kind).toBe("container");
  });

  it("pays inside the limits and refuses outside them", async () => {
    expect(await pay(25n * USDC)).toMatchObject({ state: expect.stringMatching(/MINED|CONFIRMED/) });
    const tooMuch = await pay(101n * USDC);
    expect(tooMuch.state).toBe("DENIED");
    expect(reasonsOf(tooMuch)).toContain("PER_OP_EXCEEDED");
  });

  it("carries the events over Kafka to the audit stream without a gap", async () => {
    const events = await readStream(owner, "/v1/audit/events", (seen) => seen.length >= 8);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index));
  });

  it("is over at once when the owner stops it", async () => {
    expect(await owner.post("/v1/session_keys/revoke", { sessionId, reason: "enough" })).toMatchObject({ status: 200 });
    const after = await pay(USDC);
    expect(after.state).toBe("DENIED");
    expect(reasonsOf(after)).toContain("DISARMED");
  });
}
