import { getAddress } from "viem";
import { deniedBy } from "#platform/degradation/ladder.js";
import { readDeployment } from "#platform/deployment/read-deployment.js";
import { openProducer } from "#platform/producer/open-producer.js";
import { BackgroundLoop } from "#platform/runtime/background-loop.js";
import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import type { ServiceSpec } from "#platform/runtime/service-spec.js";
import type { PermissionsServiceClient } from "#proto/interlock/permissions/v1/permissions.js";
import { ChainWatcher } from "./adapters/chain-watcher.js";
import { GrpcSessions } from "./adapters/grpc-sessions.js";
import { PositionReader } from "./adapters/position-reader.js";
import { WatchRepository } from "./adapters/watch-repository.js";
import { monitorModule } from "./app.module.js";
import { EventJournal } from "./application/event-journal.js";
import { Watch } from "./application/watch.js";
import { configDefinition } from "./config.js";
import { DISCREPANCY_KINDS, type Discrepancy } from "./domain/reconcile/discrepancy.js";
import { reconcile } from "./reconcile.js";

/** Rounds between two polls of every session's state. */
const POLL_EVERY = 5;

/** Round after round; a failed one is repeated, and until one succeeds the service says that it is blind. */
function watchForever(watch: Watch, pauseMs: number, { capabilities, logger }: ServiceRuntime): BackgroundLoop {
  return new BackgroundLoop({
    pauseMs,
    turn: async () => {
      await watch.round();
      capabilities.reportDependency({ name: "watch", up: true });
      return false;
    },
    onError: (err) => {
      watch.markBlind();
      capabilities.reportDependency({ name: "watch", up: false, reason: "the last look at the chain failed" });
      logger.warn({ err }, "the watcher is blind for now");
    },
  });
}

/** Counts and logs what chain and log disagree on; the event itself is on the log. */
function alarm({ metrics, logger }: ServiceRuntime): (discrepancy: Discrepancy) => void {
  const help = "Times the chain and the audit log said different things";
  const told = metrics.counter({ name: "audit_discrepancies_total", help, labelNames: ["kind"] });
  for (const kind of DISCREPANCY_KINDS) told.inc({ kind }, 0);
  return ({ kind, account, transactionHash, detail }) => {
    told.inc({ kind });
    logger.error({ kind, account, transactionHash, detail }, "the chain and the audit log say different things");
  };
}

/** The watcher: what runs and what it needs. */
export const service: ServiceSpec<typeof configDefinition> = {
  name: "monitor",
  config: configDefinition,
  capabilities: { monitoring: { downWhen: deniedBy("monitoring"), needs: ["watch"] } },
  grpc: { packages: ["interlock.monitor.v1"] },
  module: (runtime) => {
    const { rpcUrls, permissionsAddress, watchIntervalMs } = runtime.config;
    const { chainId, module, metavaults } = readDeployment(runtime.config.deploymentFile);
    const { pool, store, log } = openProducer(runtime, runtime.config);
    const permissions = runtime.client<PermissionsServiceClient>({
      service: "permissions",
      package: "interlock.permissions.v1",
      serviceName: "PermissionsService",
      address: permissionsAddress,
    });
    const chain = new ChainWatcher(rpcUrls, getAddress(module));
    runtime.watch({ name: "rpc", condition: "RpcDegraded", check: () => chain.head() });
    const repository = new WatchRepository(pool);
    const sessions = new GrpcSessions(permissions, chainId);
    const journal = new EventJournal(store, chainId, alarm(runtime));
    reconcile(runtime, { pool, log, journal, chainId, module: getAddress(module) });
    const watch = new Watch(chain, repository, sessions, journal, { chainId, pollEvery: POLL_EVERY }, runtime.logger);
    const loop = watchForever(watch, watchIntervalMs, runtime);
    loop.start();
    runtime.onStop("watch", () => loop.stop());
    return monitorModule({ watch, repository, positions: new PositionReader(rpcUrls, getAddress(metavaults)), chainId });
  },
};
