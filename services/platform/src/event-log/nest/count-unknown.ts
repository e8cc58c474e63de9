import type { Logger } from "../../logging/logger.js";
import type { Metrics } from "../../telemetry/metrics.js";

/** Most types that are logged by name: what a producer may invent must not fill the log. */
const NAMED = 100;

/**
 * For consumers that are meant to see only some types: each dropped event is counted, each unknown type is logged once.
 * @param group consumer group, the counter's label; the type is no label, as it comes from outside
 */
export function countUnknown(metrics: Metrics, logger: Pick<Logger, "warn">, group: string): (type: string) => void {
  const dropped = metrics.counter({
    name: "event_log_unknown_total",
    help: "Events dropped because no handler of the group names their type",
    labelNames: ["group"],
  });
  const seen = new Set<string>();
  return (type) => {
    dropped.inc({ group });
    if (seen.has(type) || seen.size === NAMED) return;
    seen.add(type);
    logger.warn({ group, type: type.slice(0, 200) }, "events of this type are dropped here");
  };
}
