import "reflect-metadata";
import { createServer } from "node:net";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { service as healthDefinition } from "grpc-health-check";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { PolicyServiceClient } from "#proto/interlock/policy/v1/policy.js";
import { lintAnswer, policyDouble } from "../../../../test/support/policy-double.js";
import { type TestTrust, testTrust } from "../../../../test/support/test-trust.js";
import { grpcVariables } from "../config/common-variables.js";
import { type RunningService, startService } from "../runtime/start-service.js";
import type { ServiceName } from "../service-auth/service-names.js";

const act = { sub: "0xowner", kind: "owner" as const, accounts: [] };
const behaviour = {
  decide: () => Promise.resolve({ record: undefined, decision: "" }),
  lint: (request: { readonly document: string }) => Promise.resolve(lintAnswer(request.document)),
};

/** What gRPC health says of a name; undefined when it knows no such name. */
function healthOf(port: number, name: string): Promise<unknown> {
  const check = healthDefinition.Check;
  if (check === undefined) throw new Error("no health service");
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  return new Promise((resolve) => {
    const { path, requestSerialize, responseDeserialize } = check;
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { service: name }, new Metadata(), (_error, answer) => {
      client.close();
      resolve(answer === undefined ? undefined : Reflect.get(answer, "status"));
    });
  });
}

describe("peers over gRPC", () => {
  let trust: TestTrust;
  const running: RunningService[] = [];

  async function start(name: ServiceName, listen = "127.0.0.1:0"): Promise<RunningService> {
    const service = await startService(
      {
        name,
        config: grpcVariables,
        capabilities: { decide: { downWhen: ["SignerDown"] } },
        grpc: { packages: ["interlock.policy.v1"] },
        module: () => policyDouble(behaviour),
      },
      { env: { ...trust.environment(name), GRPC_LISTEN: listen, SHUTDOWN_GRACE_MS: "100" } },
    );
    running.push(service);
    return service;
  }
  const clientOf = (from: RunningService, port: number) =>
    from.runtime.client<PolicyServiceClient>({
      service: "policy",
      package: "interlock.policy.v1",
      serviceName: "PolicyService",
      address: `127.0.0.1:${port}`,
    });

  beforeAll(async () => {
    trust = await testTrust();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((service) => service.stop()));
  });

  it("see the health of each capability apart from that of the process", async () => {
    const policy = await start("policy");
    expect(await healthOf(policy.port, "decide")).toBe("SERVING");
    policy.runtime.capabilities.raise("SignerDown", "vault", "away");
    expect(await healthOf(policy.port, "decide")).toBe("NOT_SERVING");
    expect(await healthOf(policy.port, "")).toBe("SERVING");
    expect(await healthOf(policy.port, "made-up")).toBeUndefined();
  });

  it("find each other again after one was away, on the client they already had", async () => {
    const permissions = await start("permissions");
    const first = await start("policy");
    const client = clientOf(permissions, first.port);
    await client.lint({ document: "a" }, { act });
    await first.stop();
    await expect(client.lint({ document: "b" }, { act, deadlineMs: 1_000 })).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
    await start("policy", `127.0.0.1:${first.port}`);
    await vi.waitFor(
      async () => {
        await expect(client.lint({ document: "c" }, { act, deadlineMs: 1_000 })).resolves.toMatchObject({ canonical: "c" });
      },
      { timeout: 10_000, interval: 100 },
    );
  });

  it("are given up at the deadline when they accept connections and never answer", async () => {
    const permissions = await start("permissions");
    const mute = createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const address = mute.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const started = Date.now();
    await expect(clientOf(permissions, port).lint({ document: "a" }, { act, deadlineMs: 300 })).rejects.toMatchObject({
      code: expect.stringMatching(/^(DEADLINE_EXCEEDED|DEPENDENCY_UNAVAILABLE)$/),
    });
    expect(Date.now() - started).toBeLessThan(3_000);
    mute.close();
  });

  it("refuse a token minted for another service", async () => {
    const policy = await start("policy");
    const permissions = await start("permissions");
    const elsewhere = permissions.runtime.client<PolicyServiceClient>({
      service: "vault",
      package: "interlock.policy.v1",
      serviceName: "PolicyService",
      address: `127.0.0.1:${policy.port}`,
    });
    await expect(elsewhere.lint({ document: "a" }, { act })).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  });

  it("take part in a caller's decision to stop waiting", async () => {
    const permissions = await start("permissions");
    const policy = await start("policy");
    const signal = AbortSignal.abort();
    await expect(clientOf(permissions, policy.port).lint({ document: "a" }, { act, signal })).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
