import "reflect-metadata";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import Fastify from "fastify";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { PolicyServiceClient } from "#proto/interlock/policy/v1/policy.js";
import { decideRequest, lintAnswer, type PolicyBehaviour, policyDouble } from "../../../../test/support/policy-double.js";
import { type TestTrust, testTrust } from "../../../../test/support/test-trust.js";
import { grpcVariables } from "../config/common-variables.js";
import { declaredRpcs } from "../grpc/declared-rpcs.js";
import { currentContext } from "../grpc/request-context.js";
import { createLogger } from "../logging/logger.js";
import { listRpcs } from "../service-auth/list-rpcs.js";
import type { ServiceName } from "../service-auth/service-names.js";
import { traceHttp } from "../telemetry/http-tracing.js";
import { Metrics } from "../telemetry/metrics.js";
import { type RunningService, startService } from "./start-service.js";

const act = { sub: "0xowner", kind: "owner" as const, accounts: [] };
const nothing: PolicyBehaviour = {
  decide: () => Promise.resolve({ record: undefined, decision: "" }),
  lint: (request) => Promise.resolve(lintAnswer(request.document)),
};

describe("a running service", () => {
  let trust: TestTrust;
  const running: RunningService[] = [];
  const lines: string[] = [];
  const logger = createLogger({ service: "policy", level: "info", destination: { write: (line) => void lines.push(line) } });

  async function start(name: ServiceName, behaviour: PolicyBehaviour = nothing, env: Record<string, string> = {}): Promise<RunningService> {
    const service = await startService(
      {
        name,
        config: grpcVariables,
        capabilities: { decide: { downWhen: ["DbDown"] } },
        grpc: { packages: ["interlock.policy.v1"] },
        module: () => policyDouble(behaviour),
      },
      { env: { ...trust.environment(name), ...env }, logger },
    );
    running.push(service);
    return service;
  }
  const clientOf = (from: RunningService, to: RunningService) =>
    from.runtime.client<PolicyServiceClient>({
      service: "policy",
      package: "interlock.policy.v1",
      serviceName: "PolicyService",
      address: `127.0.0.1:${to.port}`,
    });

  beforeAll(async () => {
    trust = await testTrust();
  });
  afterEach(async () => {
    lines.length = 0;
    await Promise.all(running.splice(0).map((service) => service.stop()));
  });

  it("lets a call in flight finish and takes no new one while it stops", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const entered = vi.fn();
    const policy = await start("policy", {
      ...nothing,
      lint: async (request) => {
        entered();
        await held;
        return lintAnswer(request.document);
      },
    });
    const client = clientOf(await start("permissions"), policy);
    const inFlight = client.lint({ document: "d" }, { act });
    await vi.waitFor(() => expect(entered).toHaveBeenCalled());
    const stopped = policy.stop();
    await vi.waitFor(async () => {
      await expect(client.lint({ document: "late" }, { act, deadlineMs: 500 })).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
    });
    release();
    await expect(inFlight).resolves.toMatchObject({ canonical: "d" });
    await expect(stopped).resolves.toBe(true);
  });

  it("cuts a call that does not end within the grace", async () => {
    const entered = vi.fn();
    const hang: PolicyBehaviour = { ...nothing, lint: () => new Promise(() => entered()) };
    const policy = await start("policy", hang, { SHUTDOWN_GRACE_MS: "50" });
    const call = clientOf(await start("permissions"), policy)
      .lint({ document: "d" }, { act })
      .catch((error: unknown) => error);
    await vi.waitFor(() => expect(entered).toHaveBeenCalled());
    await expect(policy.stop()).resolves.toBe(false);
    expect(await call).toMatchObject({ name: "InterlockError" });
  });

  it("runs stop hooks before calls are drained and close hooks after", async () => {
    const order: string[] = [];
    const policy = await start("policy");
    policy.runtime.onClosed("pool", () => void order.push("closed"));
    policy.runtime.onStop("worker", () => void order.push("stopped"));
    await policy.stop();
    expect(order).toEqual(["stopped", "closed"]);
  });

  it("passes the caller's deadline on to the calls it makes itself", async () => {
    const seen: number[] = [];
    const policy = await start("policy", {
      ...nothing,
      lint: (request) => {
        seen.push(currentContext()?.deadline ?? 0);
        return Promise.resolve(lintAnswer(request.document));
      },
    });
    const permissions = await start("permissions");
    const client = clientOf(permissions, policy);
    const before = Date.now();
    await client.lint({ document: "d" }, { act, deadlineMs: 800 });
    expect(seen[0]).toBeGreaterThan(before);
    expect(seen[0]).toBeLessThanOrEqual(Date.now() + 800);
  });

  it("gives up at the deadline", async () => {
    const policy = await start("policy", { ...nothing, lint: () => new Promise(() => undefined) }, { SHUTDOWN_GRACE_MS: "10" });
    const client = clientOf(await start("permissions"), policy);
    await expect(client.lint({ document: "d" }, { act, deadlineMs: 60 })).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
  });

  it("has one trace id from the HTTP request through gRPC into the log", async () => {
    let remembered = () => {};
    const policy = await start("policy", {
      ...nothing,
      lint: (request) => {
        remembered();
        return Promise.resolve(lintAnswer(request.document));
      },
    });
    remembered = () => policy.runtime.logger.info("linting");
    const client = clientOf(await start("permissions"), policy);
    const http = Fastify();
    traceHttp(http, { metrics: new Metrics("gateway"), deadlineMs: 5_000 });
    http.post<{ Body: { document: string } }>("/lint", async (request) => client.lint({ document: request.body.document }, { act }));
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    const answer = await http.inject({ method: "POST", url: "/lint", headers, payload: { document: "d" } });
    await http.close();
    expect(answer.statusCode).toBe(200);
    const line: { readonly trace_id?: string } = JSON.parse(lines.find((text) => text.includes("linting")) ?? "{}");
    expect(line.trace_id).toBe(traceId);
  });

  it("accepts a single-use token once", async () => {
    const policy = await start("policy");
    const permissions = await start("permissions");
    const client = clientOf(permissions, policy);
    await client.decide(decideRequest("a"), { freshToken: true });
    await client.decide(decideRequest("b"), { freshToken: true });
    await client.decide(decideRequest("c"));
    await expect(client.decide(decideRequest("d"))).rejects.toMatchObject({ code: "TOKEN_REPLAYED" });
  });

  it("refuses callers the RPC does not name, and calls without any token", async () => {
    const policy = await start("policy");
    await expect(clientOf(await start("relay"), policy).decide(decideRequest("x"))).rejects.toMatchObject({ code: "FORBIDDEN" });
    const bare = new Client(`127.0.0.1:${policy.port}`, credentials.createInsecure());
    const code = await new Promise((resolve) => {
      const path = "/interlock.policy.v1.PolicyService/Lint";
      const echo = (bytes: Buffer) => bytes;
      bare.makeUnaryRequest(path, echo, echo, Buffer.alloc(0), new Metadata(), (error) => resolve(error?.code));
    });
    bare.close();
    expect(code).toBe(16);
  });

  it("lists every RPC it declared with its rules, also the one that names no callers", async () => {
    const { app } = await start("policy");
    const listed = app === undefined ? [] : listRpcs(app);
    expect(listed.map((rpc) => rpc.rpc)).toEqual(declaredRpcs(["interlock.policy.v1"]));
    expect(listed).toMatchObject([
      { rpc: "PolicyService/decide", callers: ["permissions"], singleUse: true },
      { rpc: "PolicyService/explain", callers: [] },
      { rpc: "PolicyService/lint", callers: ["gateway", "permissions"], actorKinds: ["owner"] },
    ]);
  });

  it("starts and answers while its database is away, and says so", async () => {
    const policy = await start("policy");
    policy.runtime.watch({ name: "postgres", condition: "DbDown", check: () => Promise.reject(new Error("refused")), retryMs: 5 });
    const get = (path: string) => fetch(`http://127.0.0.1:${policy.healthPort}${path}`);
    expect((await get("/readyz")).status).toBe(200);
    expect(await (await get("/status")).json()).toMatchObject({
      conditions: [{ condition: "DbDown" }],
      capabilities: [{ name: "decide", available: false }],
    });
    expect(await (await get("/metrics")).text()).toContain('degradation_condition{condition="DbDown",service="policy"} 1');
  });
});
