import type { EventStore } from "#platform/event-store/event-store.js";
import { BackgroundLoop } from "#platform/runtime/background-loop.js";
import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import { openChainAnchor } from "./adapters/chain-anchor.js";
import type { CheckpointRepository } from "./adapters/checkpoint-repository.js";
import { Anchoring } from "./application/anchoring.js";
import type { Proving } from "./application/proving.js";
import type { AuditConfig } from "./config.js";

/** Anchors on a schedule when ANCHOR_CONTRACT, ANCHOR_KEY and ANCHOR_RPC_URLS say where. Nothing else here waits for the chain. */
export function keepAnchored(
  runtime: ServiceRuntime<AuditConfig>,
  parts: { readonly checkpoints: CheckpointRepository; readonly proving: Proving; readonly store: EventStore },
): void {
  const { anchorContract, anchorKey, anchorRpcUrls, anchorEverySeconds } = runtime.config;
  if (anchorContract === undefined || anchorKey === undefined || anchorRpcUrls === undefined) return;
  const failures = runtime.metrics.counter({ name: "audit_anchor_failures_total", help: "Anchors that did not get onto the chain" });
  const last = runtime.metrics.gauge({ name: "audit_anchored_at_seconds", help: "Unix time of the last anchor" });
  let anchoring: Anchoring | undefined;
  const loop = new BackgroundLoop({
    pauseMs: anchorEverySeconds * 1_000,
    turn: async () => {
      anchoring ??= new Anchoring({
        ...parts,
        ids: runtime.ids,
        contract: await openChainAnchor({ rpcUrls: anchorRpcUrls, contract: anchorContract, key: anchorKey }),
      });
      if (await anchoring.anchorOnce()) last.set(Math.floor(runtime.clock.now().getTime() / 1_000));
      return false;
    },
    onError: (err) => {
      failures.inc();
      runtime.logger.warn({ err }, "the log could not be anchored");
    },
  });
  loop.start();
  runtime.onStop("anchor", () => loop.stop());
}
