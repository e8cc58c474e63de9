import { deniedBy } from "#platform/degradation/ladder.js";
import type { ServiceSpec } from "#platform/runtime/service-spec.js";
import { policyModule } from "./app.module.js";
import { policyConfig } from "./config.js";

/** What policy says about itself to the kit: no database, no chain, no event log, so nothing can take it down but itself. */
export const policyService: ServiceSpec<typeof policyConfig> = {
  name: "policy",
  config: policyConfig,
  capabilities: { decide: { downWhen: deniedBy("useOpen") } },
  grpc: { packages: ["interlock.policy.v1"] },
  module: (runtime) => policyModule(runtime),
};
