import type { Address } from "viem";
import type { Producer } from "#platform/producer/open-producer.js";
import { BackgroundLoop } from "#platform/runtime/background-loop.js";
import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import { ChainFactRepository } from "./adapters/chain-fact-repository.js";
import { LogClaimRepository } from "./adapters/log-claim-repository.js";
import { ModuleFacts } from "./adapters/module-facts.js";
import type { EventJournal } from "./application/event-journal.js";
import { LogPulse } from "./application/log-pulse.js";
import { Reconciler } from "./application/reconciler.js";
import type { MonitorConfig } from "./config.js";

const LOG = "audit.v1";
const CHECKPOINTS = "audit.checkpoints.v1";

export interface ReconcileParts extends Pick<Producer, "pool" | "log"> {
  readonly journal: EventJournal;
  readonly chainId: number;
  readonly module: Address;
}

/** Compares the chain with the audit log for as long as the process lives. */
export function reconcile(runtime: ServiceRuntime<MonitorConfig>, { pool, log, journal, chainId, module }: ReconcileParts): void {
  const { rpcUrls, watchIntervalMs, reconcileGraceSeconds, reconcileDepthBlocks } = runtime.config;
  const blind = runtime.metrics.gauge({ name: "reconciler_blind", help: "1 while chain and log cannot be compared" });
  const pulse = new LogPulse(() => runtime.clock.now().getTime());
  const reconciler = new Reconciler(
    new ModuleFacts(rpcUrls, module),
    new ChainFactRepository(pool, chainId),
    new LogClaimRepository(pool),
    journal,
    { chainId, depth: BigInt(reconcileDepthBlocks), graceMs: reconcileGraceSeconds * 1_000, logReadable: () => pulse.alive() },
  );
  const loop = new BackgroundLoop({
    pauseMs: watchIntervalMs,
    turn: async () => {
      await reconciler.round();
      blind.set(pulse.alive() ? 0 : 1);
      return false;
    },
    onError: (err) => {
      blind.set(1);
      runtime.logger.warn({ err }, "chain and log cannot be compared for now");
    },
  });
  blind.set(1);
  loop.start();
  runtime.onStop("reconciler", () => loop.stop());
  const subscribing = log.subscribe({
    group: "monitor-reconciler",
    topics: [LOG, CHECKPOINTS],
    handler: async (batch) => {
      if (batch.some(({ topic }) => topic === CHECKPOINTS)) pulse.beat();
      await reconciler.note(batch.filter(({ topic }) => topic === LOG));
    },
  });
  runtime.onStop("reconciler's subscription", async () => (await subscribing).stop());
  subscribing.catch((err: unknown) => runtime.logger.error({ err }, "cannot subscribe to the audit log"));
}
