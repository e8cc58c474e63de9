import { type ConfigDefinition, type ConfigOf } from "../config/variable.js";
import { InterlockError } from "../errors/interlock-error.js";
import { createGrpcClient } from "../grpc/create-grpc-client.js";
import { type CapabilityDefinition, CapabilityRegistry } from "../health/capability-registry.js";
import { DependencyMonitor } from "../health/dependency-monitor.js";
import { publishHealth } from "../health/health-metrics.js";
import { systemClock } from "../kernel/clock.js";
import { uuidV7Factory } from "../kernel/ids.js";
import { systemRandom } from "../kernel/random.js";
import { createLogger, type Logger } from "../logging/logger.js";
import type { ServiceName } from "../service-auth/service-names.js";
import { ServiceTokenIssuer } from "../service-auth/service-token-issuer.js";
import { Metrics } from "../telemetry/metrics.js";
import { Lifecycle } from "./lifecycle.js";
import type { PlatformConfig } from "./platform-config.js";
import type { ServiceRuntime } from "./service-runtime.js";

export interface RuntimeOptions<Definition extends ConfigDefinition> {
  readonly name: ServiceName;
  readonly config: ConfigOf<Definition>;
  readonly platform: PlatformConfig;
  readonly capabilities: Readonly<Record<string, CapabilityDefinition>>;
  readonly logger?: Logger;
}

export interface RuntimeWithLifecycle<Config> {
  readonly runtime: ServiceRuntime<Config>;
  readonly lifecycle: Lifecycle;
}

function tokensOf(options: { readonly name: ServiceName; readonly platform: PlatformConfig }): Pick<ServiceTokenIssuer, "token"> {
  const key = options.platform.serviceKey;
  if (key !== undefined) return new ServiceTokenIssuer({ name: options.name, key, clock: systemClock, ids: uuidV7Factory(systemClock) });
  return {
    token: () => Promise.reject(new InterlockError("CONFIG_INVALID", `${options.name} has no SERVICE_KEY and cannot call its peers`)),
  };
}

/** Builds what a process needs before anything listens; touches neither network nor disk. */
export function createRuntime<Definition extends ConfigDefinition>(
  options: RuntimeOptions<Definition>,
): RuntimeWithLifecycle<ConfigOf<Definition>> {
  const { name, config, platform } = options;
  const clock = systemClock;
  const logger = options.logger ?? createLogger({ service: name, level: platform.logLevel });
  const lifecycle = new Lifecycle(logger);
  const metrics = new Metrics(name);
  const capabilities = new CapabilityRegistry(name, options.capabilities, clock);
  const tokens = tokensOf(options);
  publishHealth(capabilities, metrics);

  const runtime: ServiceRuntime<ConfigOf<Definition>> = {
    name,
    config,
    logger,
    clock,
    ids: uuidV7Factory(clock),
    random: systemRandom,
    capabilities,
    metrics,
    tokens,
    client<T extends object>(peer: Parameters<ServiceRuntime["client"]>[0]) {
      const client = createGrpcClient<T>({ ...peer, tokens, clock, metrics });
      lifecycle.onClosed(`client of ${peer.service}`, () => client.close());
      return client;
    },
    watch(watched) {
      const { degradationClearMs: clearMs, degradationDwellMs: dwellMs, degradationBudgetMs: budgetMs } = platform;
      const monitor = new DependencyMonitor({
        breaker: { clearMs, dwellMs, budgetMs },
        ...watched,
        registry: capabilities,
        random: systemRandom,
      });
      lifecycle.onStop(`watch of ${watched.name}`, () => monitor.stop());
      monitor.start();
      return monitor;
    },
    onStop: (hookName, hook) => lifecycle.onStop(hookName, hook),
    onClosed: (hookName, hook) => lifecycle.onClosed(hookName, hook),
  };
  return { runtime, lifecycle };
}
