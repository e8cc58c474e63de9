import { getAddress } from "viem";
import { readDeployment } from "#platform/deployment/read-deployment.js";
import { keyRetention } from "#platform/idempotency/key-retention.js";
import { openProducer } from "#platform/producer/open-producer.js";
import type { ServiceSpec } from "#platform/runtime/service-spec.js";
import { boundedMeasure } from "#platform/telemetry/bounded-measure.js";
import type { PermissionsServiceClient } from "#proto/interlock/permissions/v1/permissions.js";
import type { VaultServiceClient } from "#proto/interlock/vault/v1/vault.js";
import { GrpcPermissions } from "./adapters/grpc/grpc-permissions.js";
import { GrpcVault } from "./adapters/grpc/grpc-vault.js";
import { forgetKeysBefore } from "./adapters/pg/execute-keys.js";
import { relayModule } from "./app.module.js";
import { buildRelay } from "./build-relay.js";
import { configDefinition } from "./config.js";
import { relayMetrics } from "./relay-metrics.js";

/** The relay: what runs and what it needs. */
export const service: ServiceSpec<typeof configDefinition> = {
  name: "relay",
  config: configDefinition,
  capabilities: {
    executions: { downWhen: ["DbDown"] },
    submission: { downWhen: ["DbDown", "RpcDegraded", "PaymasterEmpty"] },
  },
  grpc: { packages: ["interlock.relay.v1"] },
  module: (runtime) => {
    const { config, logger, clock, ids, random, capabilities } = runtime;
    const { chainId, module, confirmations, protocols } = readDeployment(config.deploymentFile);
    const { store, pool } = openProducer(runtime, config);
    const retention = keyRetention({
      clock,
      forgetBefore: (time, limit) => forgetKeysBefore(pool, time, limit),
      onError: (err) => logger.warn({ err }, "old keys are not forgotten yet"),
    });
    retention.start();
    runtime.onStop("key retention", () => retention.stop());
    const permissions = runtime.client<PermissionsServiceClient>({
      service: "permissions",
      package: "interlock.permissions.v1",
      serviceName: "PermissionsService",
      address: config.permissionsAddress,
    });
    const vault = runtime.client<VaultServiceClient>({
      service: "vault",
      package: "interlock.vault.v1",
      serviceName: "VaultService",
      address: config.vaultAddress,
    });
    const finished = runtime.metrics.counter({
      name: "relay_finished_executions_total",
      help: "Executions that came to their end, by what it was",
      labelNames: ["status"],
    });
    const relay = buildRelay({
      ...config,
      store,
      permissions: new GrpcPermissions(permissions, protocols),
      vault: new GrpcVault(vault),
      capabilities,
      logger,
      clock,
      ids,
      random,
      chainId,
      module: getAddress(module),
      confirmations,
      onFinished: (status) => finished.inc({ status }),
    });
    runtime.watch({ name: "rpc", condition: "RpcDegraded", check: () => requireChain(relay.chain.chainId(), chainId) });
    const notMeasured = (err: unknown) => logger.warn({ err }, "the relay could not be measured");
    runtime.metrics.beforeScrape(boundedMeasure(relayMetrics(runtime.metrics, relay.figures), notMeasured));
    runtime.onStop("relay", () => relay.stop());
    relay.start();
    return relayModule(relay);
  },
};

/** A node of another chain is as bad as none. */
async function requireChain(answer: Promise<number>, wanted: number): Promise<void> {
  const seen = await answer;
  if (seen !== wanted) throw new Error(`the chain node is on chain ${seen}, not ${wanted}`);
}
