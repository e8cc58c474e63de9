import type { Metrics } from "#platform/telemetry/metrics.js";
import type { RelayFigures } from "./adapters/pg/relay-figures.js";

/**
 * The relay's gauges.
 * @returns sets them once from what `read` gives; rejects as `read` does, and the gauges stay as they were
 */
export function relayMetrics(metrics: Metrics, read: () => Promise<RelayFigures>): () => Promise<void> {
  const labelNames = ["status"] as const;
  const open = metrics.gauge({ name: "relay_open_executions", help: "Executions with something left to do", labelNames });
  const oldest = metrics.gauge({
    name: "relay_oldest_open_execution_seconds",
    help: "Age of the oldest execution with something left to do",
  });
  const inFlight = metrics.gauge({ name: "relay_nonces_in_flight", help: "Nonces that are leased and not final" });
  const gaps = metrics.gauge({ name: "relay_nonce_gaps", help: "Leased nonces without a transaction: all behind them wait" });
  const replaced = metrics.gauge({ name: "relay_replaced_transactions", help: "Replaced transactions among the nonces in flight" });
  return async () => {
    const figures = await read();
    open.reset();
    for (const { status, count } of figures.open) open.set({ status }, count);
    oldest.set(Math.max(0, ...figures.open.map(({ oldestSeconds }) => oldestSeconds)));
    inFlight.set(figures.inFlight);
    gaps.set(figures.gaps);
    replaced.set(figures.replaced);
  };
}
