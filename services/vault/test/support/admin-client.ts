import { createGrpcClient } from "#platform/grpc/create-grpc-client.js";
import type { GrpcClient } from "#platform/grpc/promise-client.js";
import { systemClock } from "#platform/kernel/clock.js";
import { uuidV7Factory } from "#platform/kernel/ids.js";
import type { ServiceName } from "#platform/service-auth/service-names.js";
import { ServiceTokenIssuer } from "#platform/service-auth/service-token-issuer.js";
import { Metrics } from "#platform/telemetry/metrics.js";
import type { VaultAdminServiceClient } from "#proto/interlock/vault/v1/vault_admin.js";
import type { TestTrust } from "../../../../test/support/test-trust.js";

/** A client of the vault's admin service with the credentials of `caller`. */
export function adminClient(caller: ServiceName, trust: TestTrust, port: number): GrpcClient<VaultAdminServiceClient> {
  const ids = uuidV7Factory(systemClock);
  return createGrpcClient<VaultAdminServiceClient>({
    service: "vault",
    package: "interlock.vault.v1",
    serviceName: "VaultAdminService",
    address: `127.0.0.1:${port}`,
    tokens: new ServiceTokenIssuer({ name: caller, key: trust.serviceKey(caller), clock: systemClock, ids }),
    clock: systemClock,
    metrics: new Metrics("test"),
    defaultDeadlineMs: 30_000,
  });
}
