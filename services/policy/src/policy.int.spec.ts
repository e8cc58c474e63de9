import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createGrpcClient } from "#platform/grpc/create-grpc-client.js";
import { systemClock } from "#platform/kernel/clock.js";
import { uuidV7Factory } from "#platform/kernel/ids.js";
import { type RunningService, startService } from "#platform/runtime/start-service.js";
import type { ServiceName } from "#platform/service-auth/service-names.js";
import { ServiceTokenIssuer } from "#platform/service-auth/service-token-issuer.js";
import { canonicalDocument } from "#platform/session-policy/canonical.js";
import { policyDocument } from "#platform/session-policy/policy-document.builder.js";
import { policyToMessage } from "#platform/session-policy/policy-message.js";
import { verifyDecision } from "#platform/tickets/decision-ticket.js";
import { pinKeys } from "#platform/tickets/ticket-key.js";
import type { PolicyServiceClient } from "#proto/interlock/policy/v1/policy.js";
import { type TestTrust, testTrust } from "../../../test/support/test-trust.js";
import { call, question } from "./domain/question.builder.js";
import { policyService } from "./service.js";

let trust: TestTrust;
let service: RunningService;
const closers: (() => void)[] = [];
beforeAll(async () => {
  trust = await testTrust();
  const env = { ...trust.environment("policy"), TICKET_KEY: JSON.stringify(trust.ticketKey("policy")) };
  service = await startService(policyService, { env });
});
afterAll(async () => {
  for (const close of closers) close();
  await service.stop();
});

function clientOf(caller: ServiceName) {
  const tokens = new ServiceTokenIssuer({
    name: caller,
    key: trust.serviceKey(caller),
    clock: systemClock,
    ids: uuidV7Factory(systemClock),
  });
  const peer = {
    service: "policy",
    package: "interlock.policy.v1",
    serviceName: "PolicyService",
    address: `127.0.0.1:${service.port}`,
  } as const;
  const client = createGrpcClient<PolicyServiceClient>({ ...peer, tokens, clock: systemClock, metrics: service.runtime.metrics });
  closers.push(() => client.close());
  return client;
}

/** The builder's allowed question with its window around the machine's clock. */
function request() {
  const now = Math.floor(Date.now() / 1000);
  const window = { notBefore: now - 60, notAfter: now + 3_600 };
  const { policy, intent } = question({}, window);
  const { to, value, data } = call();
  return {
    executionId: randomUUID(),
    sessionId: randomUUID(),
    document: canonicalDocument(policyDocument(window)),
    policy: policyToMessage(policy),
    intent: {
      chainId: "31337",
      module: intent.module,
      policyId: intent.policyId,
      action: { call: { to, value: String(value), data } },
      nonce: "0",
      deadline: String(now + 100),
    },
    usage: { budgets: [], operations: [] },
    at: String(now),
    conditions: [],
  };
}

describe("the policy service", () => {
  it("signs a decision that the vault can verify with the pinned key", async () => {
    const { record, decision } = await clientOf("permissions").decide(request());
    const keys = pinKeys(trust.trust.tickets.policy?.keys ?? [], "policy");
    const claims = await verifyDecision(decision, { keys, now: Math.floor(Date.now() / 1000) });
    expect(claims).toMatchObject({ outcome: "allow", digest: record?.digest, decisionId: record?.decisionId });
  });
  it("decides for permissions only", async () => {
    await expect(clientOf("relay").decide(request())).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(clientOf("gateway").decide(request())).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
  it("explains and lints for the gateway", async () => {
    const explained = await clientOf("gateway").explain({ request: { ...request(), conditions: ["DbDown"] } });
    expect(explained.record).toMatchObject({ outcome: "deny", reasons: [{ code: "CONDITION" }] });
    expect((await clientOf("gateway").lint({ document: "{" })).problems).toMatchObject([{ code: "VALIDATION_FAILED", path: "document" }]);
  });
  it("answers a malformed request with the field, never with an internal error", async () => {
    await expect(clientOf("permissions").decide({ ...request(), intent: undefined })).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    await expect(clientOf("gateway").explain({ request: undefined })).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });
});
