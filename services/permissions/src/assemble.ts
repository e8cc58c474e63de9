import { readDeployment } from "#platform/deployment/read-deployment.js";
import { grpcHealthProbe } from "#platform/grpc/health-probe.js";
import { KeptAnswers } from "#platform/idempotency/kept-answers.js";
import { keyRetention } from "#platform/idempotency/key-retention.js";
import { openProducer } from "#platform/producer/open-producer.js";
import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import type { PolicyServiceClient } from "#proto/interlock/policy/v1/policy.js";
import type { VaultServiceClient } from "#proto/interlock/vault/v1/vault.js";
import { ViemChainReader } from "./adapters/chain/viem-chain-reader.js";
import { SCHEMA } from "./adapters/pg/migrations.js";
import { PgSessionIndex } from "./adapters/pg/pg-session-index.js";
import { PgSessionStream } from "./adapters/pg/pg-session-stream.js";
import { PgSignatureStore } from "./adapters/pg/pg-signature-store.js";
import { forbidding } from "./application/conditions.js";
import { UseCases } from "./application/use-cases.js";
import type { Config } from "./config.js";
import { gapRecorder, openStops } from "./open-stops.js";
import { watchOutbox } from "./watch-outbox.js";

/** Puts the service together and watches what it depends on. Waits for nothing. @throws InterlockError CONFIG_INVALID when the deployment file is wrong */
export function assemble(runtime: ServiceRuntime<Config>): UseCases {
  const { config, clock, ids, random, logger, capabilities } = runtime;
  const { chainId, module, protocols, confirmations } = readDeployment(config.deploymentFile);
  const { pool, store } = openProducer(runtime, config);
  const chain = new ViemChainReader({ rpcUrls: config.rpcUrls, module });
  runtime.watch({ name: "rpc", condition: "RpcDegraded", check: () => chain.ping(chainId) });
  const outboxFull = watchOutbox(runtime, pool, config.outboxCap);
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
    conditions: (widening) => forbidding(capabilities, widening, outboxFull()),
    stops: openStops(runtime),
    recordGap: gapRecorder(runtime, store),
  });
}

function peers(runtime: ServiceRuntime<Config>) {
  const { policyAddress, vaultAddress } = runtime.config;
  const policyProbe = grpcHealthProbe("policy", policyAddress);
  const vaultProbe = grpcHealthProbe("vault", vaultAddress, "signer");
  runtime.watch({ name: "policy", condition: "SignerDown", check: policyProbe.check });
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
