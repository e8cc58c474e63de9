import { type DynamicModule, Module, type ModuleMetadata, type Provider } from "@nestjs/common";
import { APP_FILTER, APP_GUARD } from "@nestjs/core";
import { DegradationGuard } from "../degradation/degradation.guard.js";
import { InterlockError } from "../errors/interlock-error.js";
import { GrpcErrorFilter } from "../grpc/error-filter.js";
import { unixSeconds } from "../kernel/clock.js";
import { ServiceAuthGuard } from "../service-auth/service-auth.guard.js";
import { ServiceTokenVerifier } from "../service-auth/service-token-verifier.js";
import { InMemorySingleUseStore } from "../service-auth/single-use.js";
import type { PlatformConfig } from "./platform-config.js";
import type { ServiceRuntime } from "./service-runtime.js";
import { CAPABILITIES, CLOCK, IDS, LOGGER, METRICS, RANDOM, RUNTIME } from "./tokens.js";

function values(runtime: ServiceRuntime): Provider[] {
  return [
    { provide: RUNTIME, useValue: runtime },
    { provide: CLOCK, useValue: runtime.clock },
    { provide: IDS, useValue: runtime.ids },
    { provide: RANDOM, useValue: runtime.random },
    { provide: LOGGER, useValue: runtime.logger },
    { provide: CAPABILITIES, useValue: runtime.capabilities },
    { provide: METRICS, useValue: runtime.metrics },
  ];
}

function grpcEnhancers(runtime: ServiceRuntime, { trust }: PlatformConfig): Provider[] {
  if (trust === undefined) throw new InterlockError("CONFIG_INVALID", `${runtime.name} offers RPCs and has no TRUST`);
  const verifier = new ServiceTokenVerifier({ audience: runtime.name, trust, clock: runtime.clock });
  const used = new InMemorySingleUseStore(() => unixSeconds(runtime.clock));
  return [
    { provide: APP_GUARD, useValue: new ServiceAuthGuard(verifier, used) },
    { provide: APP_GUARD, useValue: new DegradationGuard(runtime.capabilities) },
    { provide: APP_FILTER, useValue: new GrpcErrorFilter(runtime.logger) },
  ];
}

@Module({})
class PlatformModule {}

/**
 * Around every service's own module: the runtime's parts as injectables and, for RPCs, the guard and the error funnel.
 * @param kind `grpc` puts guard and filter in front of every handler; HTTP borders bring their own
 */
export function platformModule(
  runtime: ServiceRuntime,
  platform: PlatformConfig,
  service: ModuleMetadata["imports"],
  kind: "grpc" | "http",
): DynamicModule {
  const providers = values(runtime);
  const tokens = [RUNTIME, CLOCK, IDS, RANDOM, LOGGER, CAPABILITIES, METRICS];
  const enhancers = kind === "grpc" ? grpcEnhancers(runtime, platform) : [];
  return { module: PlatformModule, global: true, imports: service ?? [], providers: [...providers, ...enhancers], exports: tokens };
}
