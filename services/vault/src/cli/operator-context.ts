import { readFileSync } from "node:fs";
import type { Command } from "commander";
import type { JWK } from "jose";
import { createGrpcClient } from "#platform/grpc/create-grpc-client.js";
import type { GrpcClient } from "#platform/grpc/promise-client.js";
import { systemClock } from "#platform/kernel/clock.js";
import { uuidV7Factory } from "#platform/kernel/ids.js";
import { ServiceTokenIssuer } from "#platform/service-auth/service-token-issuer.js";
import { Metrics } from "#platform/telemetry/metrics.js";
import type { VaultAdminServiceClient } from "#proto/interlock/vault/v1/vault_admin.js";

interface Options {
  readonly address: string;
  readonly key?: string;
  readonly json: boolean;
}

/** What every command works with: the vault's admin service with the operator's own key, and how results are shown. */
export interface OperatorContext {
  readonly admin: GrpcClient<VaultAdminServiceClient>;
  readonly json: boolean;
  /** Prints `value` as one line of JSON with --json, else the lines. */
  show(value: unknown, lines: readonly string[]): void;
}

/** The operator's private Ed25519 JWK. @throws Error naming the option that is missing */
export function operatorKey(path: string | undefined): JWK {
  if (path === undefined) throw new Error("--key (or INTERLOCK_OPERATOR_KEY) must name the file of your Ed25519 key");
  return JSON.parse(readFileSync(path, "utf8"));
}

/** Runs `work` with the vault of the command line, and hangs up afterwards. */
export async function withVault(command: Command, work: (context: OperatorContext) => Promise<void>): Promise<void> {
  const { address, key, json } = command.optsWithGlobals<Options>();
  const ids = uuidV7Factory(systemClock);
  const admin = createGrpcClient<VaultAdminServiceClient>({
    service: "vault",
    package: "interlock.vault.v1",
    serviceName: "VaultAdminService",
    address,
    tokens: new ServiceTokenIssuer({ name: "operator", key: operatorKey(key), clock: systemClock, ids }),
    clock: systemClock,
    metrics: new Metrics("interlock-vault"),
    defaultDeadlineMs: 30_000,
  });
  try {
    await work({ admin, json, show: (value, lines) => console.log(json ? JSON.stringify(value) : lines.join("\n")) });
  } finally {
    admin.close();
  }
}
