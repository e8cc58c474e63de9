import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generatePrivateKey } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InterlockError } from "#platform/errors/interlock-error.js";
import { createGrpcClient } from "#platform/grpc/create-grpc-client.js";
import type { GrpcClient } from "#platform/grpc/promise-client.js";
import { systemClock } from "#platform/kernel/clock.js";
import { uuidV7Factory } from "#platform/kernel/ids.js";
import { type RunningService, startService } from "#platform/runtime/start-service.js";
import type { Actor } from "#platform/service-auth/actor.js";
import type { ServiceName } from "#platform/service-auth/service-names.js";
import { ServiceTokenIssuer } from "#platform/service-auth/service-token-issuer.js";
import { Metrics } from "#platform/telemetry/metrics.js";
import type { RelayServiceClient } from "#proto/interlock/relay/v1/relay.js";
import { type TestTrust, testTrust } from "../../../test/support/test-trust.js";
import { service } from "./service.js";

const NOWHERE = "127.0.0.1:1";
const ID = "0199a0a0-0000-7000-8000-000000000001";
const owner: Actor = { sub: "owner", kind: "owner", accounts: [`31337:0x${"a".repeat(40)}`] };
const EXECUTE = {
  sessionId: ID,
  action: { call: { to: `0x${"1".repeat(40)}`, value: "0", data: "0x" } },
  idempotencyKey: "k",
  fingerprint: "0".repeat(64),
};

let trust: TestTrust;
let folder: string;
let running: RunningService;

beforeAll(async () => {
  trust = await testTrust();
  folder = mkdtempSync(join(tmpdir(), "interlock-relay-"));
  const address = `0x${"d".repeat(40)}`;
  const addresses = { module: address, registry: address, metavaults: address, adapters: { vault: address } };
  const deployment = { chainId: 31337, ...addresses, protocols: { erc20: 1 }, confirmations: 1 };
  writeFileSync(join(folder, "deployment.json"), JSON.stringify(deployment));
  running = await startService(service, {
    env: {
      ...trust.environment("relay"),
      DATABASE_URL: `postgres://relay:relay@${NOWHERE}/interlock`,
      EVENT_LOG_URL: `postgres://eventlog:eventlog@${NOWHERE}/interlock`,
      RPC_URLS: `http://${NOWHERE}`,
      DEPLOYMENT_FILE: join(folder, "deployment.json"),
      RELAYER_KEY: generatePrivateKey(),
      PERMISSIONS_ADDRESS: NOWHERE,
      VAULT_ADDRESS: NOWHERE,
    },
  });
});

afterAll(async () => {
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

function as(name: ServiceName): GrpcClient<RelayServiceClient> {
  const tokens = new ServiceTokenIssuer({ name, key: trust.serviceKey(name), clock: systemClock, ids: uuidV7Factory(systemClock) });
  const peer = { service: "relay" as const, package: "interlock.relay.v1", serviceName: "RelayService" };
  const address = `127.0.0.1:${running.port}`;
  return createGrpcClient<RelayServiceClient>({ ...peer, address, tokens, clock: systemClock, metrics: new Metrics(name) });
}

const codeOf = (call: Promise<unknown>) => call.then(() => "answered").catch((error: unknown) => (error as InterlockError).code);

describe("a relay with everything it depends on away", () => {
  test("listens and says what is down", () => {
    const { conditions, capabilities } = running.runtime.capabilities.status();
    expect(conditions.map(({ condition }) => condition)).toEqual(expect.arrayContaining(["DbDown", "RpcDegraded"]));
    expect(capabilities.find(({ name }) => name === "submission")?.available).toBe(false);
  });

  test("answers that it cannot now, never that it broke", async () => {
    const gateway = as("gateway");
    expect(await codeOf(gateway.execute(EXECUTE, { act: owner }))).toBe("CONDITION");
    expect(await codeOf(gateway.getExecution({ executionId: ID }, { act: owner }))).toBe("DEPENDENCY_UNAVAILABLE");
    expect(await codeOf(gateway.listExecutions({ sessionId: "", page: undefined }, { act: owner }))).toBe("CONDITION");
    expect(await codeOf(gateway.cancelExecution({ executionId: ID }, { act: owner }))).toBe("DEPENDENCY_UNAVAILABLE");
    expect(await codeOf(gateway.getRelayStatus({}, { act: null }))).toBe("DEPENDENCY_UNAVAILABLE");
  });
});

describe("the relay's border", () => {
  test("serves the gateway only", async () => {
    for (const caller of ["permissions", "vault", "monitor", "auth"] as const)
      expect(await codeOf(as(caller).execute(EXECUTE, { act: owner }))).toBe("FORBIDDEN");
  });

  test("acts for a principal only, and sponsors armings for owners only", async () => {
    const agent: Actor = { ...owner, kind: "agent", sessionId: ID };
    const arm = { sessionId: ID, account: `0x${"a".repeat(40)}`, chainId: "31337", calldata: "0x" };
    expect(await codeOf(as("gateway").execute(EXECUTE, { act: null }))).toBe("FORBIDDEN");
    expect(await codeOf(as("gateway").sponsorArm(arm, { act: agent }))).toBe("FORBIDDEN");
  });

  test("refuses what is malformed, and calldata that is no arming of an own account", async () => {
    const gateway = as("gateway");
    const arm = { sessionId: ID, account: `0x${"a".repeat(40)}`, chainId: "31337", calldata: "0x12345678" };
    expect(await codeOf(gateway.getExecution({ executionId: "1" }, { act: owner }))).toBe("VALIDATION_FAILED");
    expect(await codeOf(gateway.execute({ ...EXECUTE, action: undefined }, { act: owner }))).toBe("VALIDATION_FAILED");
    expect(await codeOf(gateway.sponsorArm(arm, { act: owner }))).toBe("VALIDATION_FAILED");
    expect(await codeOf(gateway.sponsorArm({ ...arm, account: `0x${"b".repeat(40)}` }, { act: owner }))).toBe("ACCOUNT_NOT_OWNED");
    expect(await codeOf(gateway.sponsorArm({ ...arm, chainId: "1" }, { act: owner }))).toBe("ACCOUNT_NOT_OWNED");
  });
});
