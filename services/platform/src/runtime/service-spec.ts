import type { DynamicModule, INestApplicationContext, Type } from "@nestjs/common";
import type { CustomTransportStrategy, Server } from "@nestjs/microservices";
import type { ConfigDefinition, ConfigOf } from "../config/variable.js";
import type { CapabilityDefinition } from "../health/capability-registry.js";
import type { ServiceName } from "../service-auth/service-names.js";
import type { ServiceRuntime } from "./service-runtime.js";

export type ServiceModule = DynamicModule | Type<object>;

/** An HTTP application that is ready to listen; `close` waits for requests in flight. */
export interface HttpApplication {
  listen(port: number, host: string): Promise<unknown>;
  close(): Promise<void>;
}

export interface HttpSpec<Config> {
  /** host:port to listen on. */
  readonly listen: (config: Config) => string;
  /** Builds the application; must not wait for anything outside the process. */
  readonly create: (runtime: ServiceRuntime<Config>) => Promise<HttpApplication>;
}

export interface GrpcSpec<Config> {
  /** Protobuf packages whose services this process offers. */
  readonly packages: readonly string[];
  /** Strategy that feeds `@EventPattern` handlers of the same module from the event log. */
  readonly events?: (runtime: ServiceRuntime<Config>) => Server & CustomTransportStrategy;
}

/** What a service's main.ts says about itself. Exactly one of `grpc` and `http`. */
export interface ServiceSpec<Definition extends ConfigDefinition> {
  readonly name: ServiceName;
  readonly config: Definition;
  readonly capabilities: Readonly<Record<string, CapabilityDefinition>>;
  readonly grpc?: GrpcSpec<ConfigOf<Definition>>;
  /** Nest module of a gRPC service. */
  readonly module?: (runtime: ServiceRuntime<ConfigOf<Definition>>) => ServiceModule;
  readonly http?: HttpSpec<ConfigOf<Definition>>;
  /** Runs once the service listens: start watches and workers. Must not wait for a dependency. `app` is there for gRPC services. */
  readonly start?: (runtime: ServiceRuntime<ConfigOf<Definition>>, app: INestApplicationContext | undefined) => Promise<void> | void;
}
