import type { EventStore } from "#platform/event-store/event-store.js";
import { CLUSTER_KEY } from "#platform/producer/announce-start.js";
import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import { FileStopSpool } from "./adapters/spool/file-stop-spool.js";
import { type SpoolGap, Stops, type StopsWatch } from "./application/stops.js";
import type { Config } from "./config.js";

/** Stops of the run before hold from the first moment on. @throws Error when SPOOL_DIR cannot be written */
export function openStops(runtime: ServiceRuntime<Config>): Stops {
  const { config, logger } = runtime;
  const watch = watchStops(runtime);
  if (config.spoolDir === undefined) return new Stops(undefined, watch);
  const spool = new FileStopSpool(config.spoolDir);
  if (spool.torn > 0) logger.error({ bytes: spool.torn }, "ALARM: the end of the stop spool was torn and is kept in stops.torn");
  if (spool.gap !== undefined) logger.error({ gap: spool.gap }, "ALARM: stops were accepted that the spool did not take");
  if (spool.kept.length > 0) logger.warn({ stops: spool.kept.length }, "stops of an earlier run hold until they are recorded");
  runtime.onClosed("stop spool", async () => spool.close());
  return new Stops(spool, watch);
}

/** While stops wait the database counts as away although it may answer: what was accepted first is recorded first. */
function watchStops({ metrics, clock, capabilities, logger }: ServiceRuntime<Config>): StopsWatch {
  const depth = metrics.gauge({ name: "spool_depth", help: "Stops accepted that are not recorded yet" });
  const oldest = metrics.gauge({ name: "spool_oldest_seconds", help: "How long the oldest of them has waited" });
  const dropped = metrics.counter({ name: "spool_dropped_total", help: "Stops accepted that the spool's disk did not take" });
  let since: number | undefined;
  metrics.beforeScrape(() => {
    oldest.set(since === undefined ? 0 : Math.max(0, clock.now().getTime() / 1_000 - since));
    return Promise.resolve();
  });
  return {
    waiting(count, oldestAt) {
      depth.set(count);
      since = oldestAt;
      if (count > 0) capabilities.raise("DbDown", "spool", `${count} stops wait to be recorded`);
      else capabilities.clear("DbDown", "spool");
    },
    unspooled(err) {
      dropped.inc();
      logger.error({ err }, "ALARM: a stop could not be spooled; it holds in memory only");
    },
  };
}

/** Puts a gap of the spool on the log, once. */
export function gapRecorder({ name, ids }: Pick<ServiceRuntime, "name" | "ids">, store: EventStore): (gap: SpoolGap) => Promise<void> {
  return async (gap) => {
    const instanceId = ids.next();
    const actor = { type: "service", id: name } as const;
    const metadata = { correlationId: instanceId, actor, subject: name, partitionKey: CLUSTER_KEY };
    const data = { service: name, instanceId, ...gap };
    await store.append(`spool-gap-${instanceId}`, 0, [{ type: "producer.spool_gap.v1", data }], metadata);
  };
}
