import { NestFactory } from "@nestjs/core";
import type { ConfigDefinition, ConfigOf } from "../config/variable.js";
import { InterlockGrpcServer } from "../grpc/grpc-server.js";
import { loadProto } from "../grpc/proto.js";
import { NestLogger } from "../logging/nest-logger.js";
import type { Border } from "./border.js";
import { splitListenAddress } from "./listen-address.js";
import { platformModule } from "./platform.module.js";
import type { PlatformConfig } from "./platform-config.js";
import type { ServiceRuntime } from "./service-runtime.js";
import type { GrpcSpec, ServiceModule } from "./service-spec.js";

/** Keeps gRPC health in step: `""` is the process, every capability has a name of its own. */
function publishServing(server: InterlockGrpcServer, runtime: ServiceRuntime, stopping: () => boolean): void {
  const publish = (): void => {
    const serving = (up: boolean) => (up && !stopping() ? "SERVING" : "NOT_SERVING");
    server.health.setStatus("", serving(true));
    for (const name of runtime.capabilities.names()) server.health.setStatus(name, serving(runtime.capabilities.isAvailable(name)));
  };
  runtime.capabilities.onChange(publish);
  publish();
}

/** Opens the gRPC port of a service. The application's modules are built first and must not wait for anything outside the process. */
export async function openGrpcBorder<Definition extends ConfigDefinition>(
  spec: GrpcSpec<ConfigOf<Definition>>,
  module: ServiceModule,
  runtime: ServiceRuntime<ConfigOf<Definition>>,
  platform: PlatformConfig,
): Promise<Border> {
  const listen = platform.grpcListen ?? "127.0.0.1:0";
  const server = new InterlockGrpcServer({
    listen,
    packages: spec.packages,
    definition: loadProto(spec.packages),
    metrics: runtime.metrics,
    reflection: platform.development,
    ...(spec.events === undefined ? {} : { events: spec.events(runtime) }),
  });
  const app = await NestFactory.createMicroservice(platformModule(runtime, platform, [module], "grpc"), {
    strategy: server,
    logger: new NestLogger(runtime.logger),
    abortOnError: false,
  });
  await app.listen();
  let stopping = false;
  publishServing(server, runtime, () => stopping);
  return {
    host: splitListenAddress(listen).host,
    port: server.port,
    app,
    notServing() {
      stopping = true;
      for (const name of ["", ...runtime.capabilities.names()]) server.health.setStatus(name, "NOT_SERVING");
    },
    startConsuming: () => server.startConsuming(),
    stopConsuming: () => server.stopConsuming(),
    drain: (graceMs) => server.drain(graceMs),
    close: () => app.close(),
  };
}
