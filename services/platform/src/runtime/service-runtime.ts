import type { GrpcClientOptions } from "../grpc/create-grpc-client.js";
import type { GrpcClient } from "../grpc/promise-client.js";
import type { CapabilityRegistry } from "../health/capability-registry.js";
import type { DependencyMonitor, DependencyMonitorOptions } from "../health/dependency-monitor.js";
import type { Clock } from "../kernel/clock.js";
import type { IdFactory } from "../kernel/ids.js";
import type { Random } from "../kernel/random.js";
import type { Logger } from "../logging/logger.js";
import type { ServiceName } from "../service-auth/service-names.js";
import type { ServiceTokenIssuer } from "../service-auth/service-token-issuer.js";
import type { Metrics } from "../telemetry/metrics.js";

export type Hook = () => Promise<void> | void;
export type PeerOptions = Pick<GrpcClientOptions, "service" | "package" | "serviceName" | "address" | "defaultDeadlineMs">;
export type WatchOptions = Omit<DependencyMonitorOptions, "registry" | "random">;

/** Everything the kit gives one process. */
export interface ServiceRuntime<Config = unknown> {
  readonly name: ServiceName;
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly ids: IdFactory;
  readonly random: Random;
  readonly capabilities: CapabilityRegistry;
  readonly metrics: Metrics;
  /** Mints this service's tokens. @throws InterlockError CONFIG_INVALID on use in a service without SERVICE_KEY. */
  readonly tokens: Pick<ServiceTokenIssuer, "token">;
  /** A client of a peer; closed by itself at the end. */
  client<T extends object>(options: PeerOptions): GrpcClient<T>;
  /** Watches a dependency from now on; stopped by itself. */
  watch(options: WatchOptions): DependencyMonitor;
  /** Runs when the process stops taking work, before calls in flight have ended: stop consumers and workers. */
  onStop(name: string, hook: Hook): void;
  /** Runs after the last call ended: close pools. In reverse order of registration. */
  onClosed(name: string, hook: Hook): void;
}
