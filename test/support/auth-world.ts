import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK, generateKeyPair } from "jose";
import { expect, vi } from "vitest";
import { callerVariables, processVariables } from "#platform/config/common-variables.js";
import { loadConfig } from "#platform/config/load-config.js";
import { migrate } from "#platform/database/migrate.js";
import { eventLogMigrations } from "#platform/event-log/postgres/migrations.js";
import type { GrpcClient } from "#platform/grpc/promise-client.js";
import { createRuntime } from "#platform/runtime/create-runtime.js";
import { platformConfigOf } from "#platform/runtime/platform-config.js";
import { type RunningService, startService } from "#platform/runtime/start-service.js";
import type { AuthServiceClient } from "#proto/interlock/auth/v1/auth.js";
import { AUTH_SCHEMA, migrations } from "../../services/auth/src/migrations.js";
import { service } from "../../services/auth/src/service.js";
import { createTestDatabase } from "./test-database.js";
import { testTrust } from "./test-trust.js";

export const ORIGIN = "http://127.0.0.1:8080";

/** Salt of the marks in auth's events. */
export const AUDIT_SALT = Buffer.alloc(32, 9);

/** A real auth service on a real database, called as the gateway calls it. */
export interface AuthWorld {
  readonly auth: GrpcClient<AuthServiceClient>;
  readonly running: RunningService;
  /** `postgres://` URL, as the superuser. */
  readonly databaseUrl: string;
  stop(): Promise<void>;
}

/** Starts auth with `rpcUrl` as its only provider. */
export async function authWorld(rpcUrl: string): Promise<AuthWorld> {
  const trust = await testTrust();
  const database = await createTestDatabase();
  await migrate({ url: database.url, schema: AUTH_SCHEMA, migrations });
  await migrate({ url: database.url, schema: "eventlog", migrations: eventLogMigrations("eventlog") });
  const folder = mkdtempSync(join(tmpdir(), "auth-"));
  const zero = `0x${"00".repeat(20)}`;
  const deployment = {
    chainId: 31337,
    module: zero,
    registry: zero,
    metavaults: zero,
    adapters: { vault: zero },
    protocols: {},
    confirmations: 1,
  };
  writeFileSync(join(folder, "deployment.json"), JSON.stringify(deployment));
  const { privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  const env = {
    ...trust.environment("auth"),
    DATABASE_URL: database.url,
    EVENT_LOG_URL: database.url,
    RPC_URLS: rpcUrl,
    DEPLOYMENT_FILE: join(folder, "deployment.json"),
    PUBLIC_ORIGIN: ORIGIN,
    TOKEN_KEY: JSON.stringify(await exportJWK(privateKey)),
    PII_KEY: Buffer.alloc(32, 7).toString("base64"),
    AUDIT_SALT: AUDIT_SALT.toString("base64"),
  };
  const running = await startService(service, { env });
  // Until its first look at the database a service counts it as away, and lets nobody in.
  await vi.waitFor(() => expect(running.runtime.capabilities.isAvailable("login")).toBe(true), { timeout: 20_000 });
  const config = loadConfig({ ...processVariables, ...callerVariables() }, trust.environment("gateway"));
  const gateway = createRuntime({ name: "gateway", config, platform: platformConfigOf(config), capabilities: {} });
  const address = `127.0.0.1:${running.port}`;
  const auth = gateway.runtime.client<AuthServiceClient>({
    service: "auth",
    package: "interlock.auth.v1",
    serviceName: "AuthService",
    address,
  });
  return {
    auth,
    running,
    databaseUrl: database.url,
    async stop() {
      await gateway.lifecycle.close();
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
      await database.drop();
    },
  };
}
