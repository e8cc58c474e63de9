import { readDeployment } from "#platform/deployment/read-deployment.js";
import { KeptAnswers } from "#platform/idempotency/kept-answers.js";
import { keyRetention } from "#platform/idempotency/key-retention.js";
import { openProducer } from "#platform/producer/open-producer.js";
import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import type { PolicyServiceClient } from "#proto/interlock/policy/v1/policy.js";
import type { VaultServiceClient } from "#proto/interlock/vault/v1/vault.js";
import { ViemChainReader } from "./adapters/chain/viem-chain-reader.js";
import { grpcHealthProbe } from "./adapters/grpc-health.js";
import { SCHEMA } from "./adapters/pg/migrations.js";
import { PgSessionIndex } from "./adapters/pg/pg-session-index.js";
import { PgSessionStream } from "./adapters/pg/pg-session-stream.js";
import { PgSignatureStore } from "./adapters/pg/pg-signature-store.js";
import { FileStopSpool } from "./adapters/spool/file-stop-spool.js";
import { forbidding } from "./application/conditions.js";
import { Stops } from "./application/stops.js";
import { UseCases } from "./application/use-cases.js";
import type { Config } from "./config.js";

/** Puts the service together and watches what it depends on. Waits for nothing. @throws InterlockError CONFIG_INVALID when the deployment file is wrong */
export function assemble(runtime: ServiceRuntime<Config>): UseCases {
  const { config, clock, ids, random, logger, capabilities } = runtime;
  const { chainId, module, protocols, confirmations } = readDeployment(config.deploymentFile);
  const { pool, store } = openProducer(runtime, config);
  const chain = new ViemChainReader({ rpcUrls: config.rpcUrls, module });
  runtime.watch({ name: "rpc", condition: "RpcDegraded", check: () => chain.ping(chainId) });
  const index = new PgSessionIndex(pool, SCHEMA);
  const answers = new KeptAnswers(pool, SCHEMA);
  const retention = keyRetention({
    clock,
    forgetBefore: (time, limit) => answers.forgetBefore(time, limit),
    onError: (err) => logger.warn({ err }, "old answers are not forgotten yet"),
  });
  retention.start();
  runtime.onStop("key retention", () => retention.stop());
  return new UseCases({
    stream: new PgSessionStream(store, index),
    index,
    signatures: new PgSignatureStore(pool, SCHEMA),
    answers,
    chain,
    ...peers(runtime),
    setting: { chainId, module, protocols, confirmations: Math.max(1, confirmations) },
    ticketKey: config.ticketKey,
    clock,
    ids,
    random,
    logger,
    conditions: () => forbidding(capabilities),
    stops: openStops(runtime),
  });
}

/** Stops of the run before hold from the first moment on. @throws Error when SPOOL_DIR cannot be written */
function openStops(runtime: ServiceRuntime<Config>): Stops {
  const { config, logger } = runtime;
  const unspooled = (err: unknown) => logger.error({ err }, "ALARM: a stop could not be spooled; it holds in memory only");
  if (config.spoolDir === undefined) return new Stops(undefined, unspooled);
  const spool = new FileStopSpool(config.spoolDir);
  if (spool.torn > 0) logger.error({ bytes: spool.torn }, "ALARM: the end of the stop spool was torn and is kept in stops.torn");
  if (spool.kept.length > 0) logger.warn({ stops: spool.kept.length }, "stops of an earlier run hold until they are recorded");
  runtime.onClosed("stop spool", async () => spool.close());
  return new Stops(spool, unspooled);
}

function peers(runtime: ServiceRuntime<Config>) {
  const { policyAddress, vaultAddress } = runtime.config;
  const policyProbe = grpcHealthProbe("policy", policyAddress);
  const vaultProbe = grpcHealthProbe("vault", vaultAddress);
  runtime.watch({ name: "policy", check: policyProbe.check });
  runtime.watch({ name: "vault", condition: "SignerDown", check: vaultProbe.check });
  runtime.onClosed("health probes", () => [policyProbe, vaultProbe].forEach((probe) => void probe.close()));
  return {
    policy: runtime.client<PolicyServiceClient>({
      service: "policy",
      package: "interlock.policy.v1",
      serviceName: "PolicyService",
      address: policyAddress,
    }),
    vault: runtime.client<VaultServiceClient>({
      service: "vault",
      package: "interlock.vault.v1",
      serviceName: "VaultService",
      address: vaultAddress,
    }),
  };
}
