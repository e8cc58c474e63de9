import type { ServiceSpec } from "#platform/runtime/service-spec.js";
import { grpcBackends } from "./adapters/grpc-backends.js";
import { configDefinition } from "./config.js";
import { createApplication } from "./http-application.js";

/** The gateway: HTTP in front, gRPC behind, nothing of its own in between. */
export const service: ServiceSpec<typeof configDefinition> = {
  name: "gateway",
  config: configDefinition,
  capabilities: { api: { downWhen: [] } },
  http: { listen: ({ httpListen }) => httpListen, create: (runtime) => createApplication(runtime, grpcBackends(runtime)) },
};
