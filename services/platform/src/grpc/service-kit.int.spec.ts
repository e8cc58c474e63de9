import "reflect-metadata";
import { Controller, Module } from "@nestjs/common";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type DecideRequest,
  type DecideResponse,
  type ExplainRequest,
  type ExplainResponse,
  type LintRequest,
  type LintResponse,
  type PolicyServiceClient,
  type PolicyServiceController,
  PolicyServiceControllerMethods,
} from "#proto/interlock/policy/v1/policy.js";
import { type TestTrust, testTrust } from "../../../../test/support/test-trust.js";
import { grpcVariables } from "../config/common-variables.js";
import { InterlockError } from "../errors/interlock-error.js";
import { type RunningService, startService } from "../runtime/start-service.js";
import { Callers } from "../service-auth/callers.decorator.js";
import { NeedsActor } from "../service-auth/needs-actor.decorator.js";
import { requireActor } from "./request-context.js";

@Controller()
@PolicyServiceControllerMethods()
class EchoController implements PolicyServiceController {
  @Callers("permissions")
  decide(request: DecideRequest): Promise<DecideResponse> {
    if (request.document === "boom") throw new Error("a secret inside: hunter2");
    throw new InterlockError("BUDGET_EXCEEDED", "asked 5, left 3", {
      details: { asked: "5", left: "3", absent: request.policy === undefined },
    });
  }

  explain(_request: ExplainRequest): Promise<ExplainResponse> {
    return Promise.resolve({ record: undefined });
  }

  @Callers("gateway", "permissions")
  @NeedsActor("owner")
  lint(request: LintRequest): Promise<LintResponse> {
    return Promise.resolve({ canonical: request.document, policyHash: requireActor().sub, summary: "", problems: [], warnings: [] });
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

const owner = { sub: "0xowner", kind: "owner" as const, accounts: [] };

describe("a gRPC service made with the kit", () => {
  let trust: TestTrust;
  let service: RunningService;
  let peer: RunningService;

  const start = (name: "policy" | "permissions") =>
    startService(
      {
        name,
        config: grpcVariables,
        capabilities: { decide: { downWhen: ["SignerDown"] } },
        grpc: { packages: ["interlock.policy.v1"] },
        module: () => EchoModule,
      },
      { env: trust.environment(name) },
    );
  const client = (from: RunningService) =>
    from.runtime.client<PolicyServiceClient>({
      service: "policy",
      package: "interlock.policy.v1",
      serviceName: "PolicyService",
      address: `127.0.0.1:${service.port}`,
    });
  const decide = (document: string): DecideRequest => ({
    executionId: "",
    sessionId: "",
    document,
    policy: undefined,
    intent: undefined,
    usage: undefined,
    at: "0",
    conditions: [],
  });

  beforeAll(async () => {
    trust = await testTrust();
    service = await start("policy");
    peer = await start("permissions");
  });
  afterAll(async () => {
    await Promise.all([service.stop(), peer.stop()]);
  });

  it("gives the caller the very InterlockError the handler threw", async () => {
    await expect(client(peer).decide(decide("x"))).rejects.toMatchObject({
      code: "BUDGET_EXCEEDED",
      message: "asked 5, left 3",
      details: { asked: "5", left: "3", absent: true },
    });
  });

  it("tells nothing of an error it does not know", async () => {
    const error = await client(peer)
      .decide(decide("boom"))
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "INTERNAL" });
    expect(JSON.stringify(error)).not.toContain("hunter2");
  });

  it("refuses an RPC that names no callers", async () => {
    await expect(client(peer).explain({ request: undefined })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("refuses a call for nobody where a principal is needed", async () => {
    await expect(client(peer).lint({ document: "d" })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("hands the principal of the token to the handler", async () => {
    await expect(client(peer).lint({ document: "d" }, { act: owner })).resolves.toMatchObject({ canonical: "d", policyHash: "0xowner" });
  });

  it("names a peer that is away", async () => {
    const nobody = peer.runtime.client<PolicyServiceClient>({
      service: "policy",
      package: "interlock.policy.v1",
      serviceName: "PolicyService",
      address: "127.0.0.1:1",
    });
    await expect(nobody.lint({ document: "d" })).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE", details: { service: "policy" } });
  });
});
