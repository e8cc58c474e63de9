import type { INestApplicationContext } from "@nestjs/common";
import { type Environment, loadConfig } from "../config/load-config.js";
import type { ConfigDefinition, ConfigOf } from "../config/variable.js";
import { OperatorFloor } from "../degradation/operator-floor.js";
import { InterlockError } from "../errors/interlock-error.js";
import { EventLoopWatch } from "../health/event-loop-watch.js";
import { startHealthServer } from "../health/health-server.js";
import type { Logger } from "../logging/logger.js";
import { startTelemetry } from "../telemetry/telemetry.js";
import type { Border } from "./border.js";
import { consumeEvents } from "./consume-events.js";
import { createRuntime } from "./create-runtime.js";
import { openGrpcBorder } from "./grpc-border.js";
import { openHttpBorder } from "./http-border.js";
import { type PlatformConfig, platformConfigOf } from "./platform-config.js";
import type { ServiceRuntime } from "./service-runtime.js";
import type { ServiceSpec } from "./service-spec.js";

export interface RunningService<Config = unknown> {
  readonly runtime: ServiceRuntime<Config>;
  /** Port of the service itself. */
  readonly port: number;
  readonly healthPort: number;
  /** The Nest application of a gRPC service. */
  readonly app: INestApplicationContext | undefined;
  /** The graceful stop; safe to call more than once. Resolves to false when calls had to be cut. */
  stop(): Promise<boolean>;
}

export interface StartOptions {
  readonly env?: Environment;
  readonly logger?: Logger;
}

function openBorder<Definition extends ConfigDefinition>(
  spec: ServiceSpec<Definition>,
  runtime: ServiceRuntime<ConfigOf<Definition>>,
): Promise<Border> {
  if (spec.grpc !== undefined && spec.module !== undefined) {
    return openGrpcBorder<Definition>(spec.grpc, spec.module(runtime), runtime, platformConfigOf(runtime.config));
  }
  if (spec.http !== undefined) return openHttpBorder<Definition>(spec.http, runtime);
  throw new InterlockError("CONFIG_INVALID", `${spec.name} offers neither gRPC (with a module) nor HTTP`);
}

function followOperator({ capabilities: registry, logger, onStop }: ServiceRuntime<unknown>, platform: PlatformConfig): void {
  const { degradationFloorFile: file, degradationFloorPollMs: everyMs } = platform;
  if (file === undefined) return;
  const floor = new OperatorFloor({ file, registry, logger, everyMs });
  onStop("operator's floor", () => floor.stop());
  floor.start();
}

/**
 * Starts a service: listens first, connects after. Nothing here waits for a dependency.
 * @throws InterlockError CONFIG_INVALID listing every wrong variable; the system's error when a port is taken
 */
export async function startService<Definition extends ConfigDefinition>(
  spec: ServiceSpec<Definition>,
  options: StartOptions = {},
): Promise<RunningService<ConfigOf<Definition>>> {
  const config = loadConfig(spec.config, options.env);
  const platform = platformConfigOf(config);
  const { runtime, lifecycle } = createRuntime<Definition>({ ...spec, config, platform, ...options });
  const telemetry = startTelemetry({ service: spec.name, otlpEndpoint: platform.otlpEndpoint });
  const eventLoop = new EventLoopWatch();
  const border = await openBorder(spec, runtime);
  let ready = true;
  const health = await startHealthServer({
    host: platform.healthHost ?? border.host,
    port: platform.healthPort,
    eventLoop,
    ready: () => ready,
    status: () => runtime.capabilities.status(),
    metrics: () => runtime.metrics.render(),
  });
  followOperator(runtime, platform);
  await spec.start?.(runtime, border.app);
  const consuming = consumeEvents(border, runtime);
  runtime.logger.info({ port: border.port, healthPort: health.port }, "listening");

  const stop = async (): Promise<boolean> => {
    ready = false;
    border.notServing();
    consuming.cancel();
    await Promise.all([border.stopConsuming(), lifecycle.stop()]);
    const graceful = await border.drain(platform.shutdownGraceMs);
    await border.close();
    await lifecycle.close();
    await Promise.all([telemetry.shutdown().catch(() => undefined), health.close()]);
    eventLoop.stop();
    runtime.logger.info({ graceful }, "stopped");
    return graceful;
  };
  let stopping: Promise<boolean> | undefined;
  return { runtime, port: border.port, healthPort: health.port, app: border.app, stop: () => (stopping ??= stop()) };
}
