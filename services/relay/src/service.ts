import { getAddress } from "viem";
import { deniedBy } from "#platform/degradation/ladder.js";
import { readDeployment } from "#platform/deployment/read-deployment.js";
import { grpcHealthProbe } from "#platform/grpc/health-probe.js";
import type { CapabilityRegistry } from "#platform/health/capability-registry.js";
import { keyRetention } from "#platform/idempotency/key-retention.js";
import { openProducer } from "#platform/producer/open-producer.js";
import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import type { ServiceSpec } from "#platform/runtime/service-spec.js";
import { boundedMeasure } from "#platform/telemetry/bounded-measure.js";
import type { PermissionsServiceClient } from "#proto/interlock/permissions/v1/permissions.js";
import type { VaultServiceClient } from "#proto/interlock/vault/v1/vault.js";
import { GrpcPermissions } from "./adapters/grpc/grpc-permissions.js";
import { GrpcVault } from "./adapters/grpc/grpc-vault.js";
import { forgetKeysBefore } from "./adapters/pg/execute-keys.js";
import { relayModule } from "./app.module.js";
import { buildRelay, type Relay } from "./build-relay.js";
import { configDefinition } from "./config.js";
import { relayMetrics } from "./relay-metrics.js";

/** The relay: what runs and what it needs. */
export const service: ServiceSpec<typeof configDefinition> = {
  name: "relay",
  config: configDefinition,
  capabilities: {
    executions: { downWhen: deniedBy("list") },
    submission: { downWhen: deniedBy("useOpen") },
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
    watchSigner(runtime, config);
    runtime.watch({ name: "gas", check: () => gasAt(relay, capabilities) });
    const notMeasured = (err: unknown) => logger.warn({ err }, "the relay could not be measured");
    runtime.metrics.beforeScrape(boundedMeasure(relayMetrics(runtime.metrics, relay.figures), notMeasured));
    runtime.onStop("relay", () => relay.stop());
    relay.start();
    return relayModule(relay);
  },
};

/** The vault or permissions away: nothing can be signed or authorised, and nothing new is taken on. */
function watchSigner(runtime: ServiceRuntime, addresses: { readonly vaultAddress: string; readonly permissionsAddress: string }): void {
  const probes = [
    { name: "vault", probe: grpcHealthProbe("vault", addresses.vaultAddress, "signer") },
    { name: "permissions", probe: grpcHealthProbe("permissions", addresses.permissionsAddress, "signer") },
  ];
  for (const { name, probe } of probes) {
    runtime.watch({ name, condition: "SignerDown", check: probe.check });
    runtime.onClosed(`health probe of ${name}`, () => probe.close());
  }
}

/** The relayer's balance is read with each block; as long as it is not known nothing is said of it. */
function gasAt({ canPay }: Pick<Relay, "canPay">, capabilities: Pick<CapabilityRegistry, "raise" | "clear">): Promise<void> {
  const payable = canPay();
  if (payable === false) capabilities.raise("PaymasterEmpty", "gas", "the relayer's balance is at its reserve");
  if (payable === true) for (const source of ["gas", "broadcast"]) capabilities.clear("PaymasterEmpty", source);
  return Promise.resolve();
}

/** A node of another chain is as bad as none. */
async function requireChain(answer: Promise<number>, wanted: number): Promise<void> {
  const seen = await answer;
  if (seen !== wanted) throw new Error(`the chain node is on chain ${seen}, not ${wanted}`);
}
