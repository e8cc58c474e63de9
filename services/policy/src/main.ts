import "reflect-metadata";
import { runService } from "#platform/runtime/run-service.js";
import { AppModule } from "./app.module.js";
import { policyConfig } from "./config.js";

await runService({
  name: "policy",
  config: policyConfig,
  capabilities: { decide: { downWhen: [] } },
  grpc: { packages: ["interlock.policy.v1"] },
  module: (runtime) => AppModule.of(runtime),
});
