import { deniedBy } from "#platform/degradation/ladder.js";
import type { ServiceSpec } from "#platform/runtime/service-spec.js";
import { permissionsModule } from "./app.module.js";
import { assemble } from "./assemble.js";
import { configDefinition } from "./config.js";
import { repeat } from "./repeat.js";

/** What permissions is, for the kit. What widens power needs everything; stopping needs nothing. */
export const service: ServiceSpec<typeof configDefinition> = {
  name: "permissions",
  config: configDefinition,
  capabilities: {
    generate: { downWhen: deniedBy("arm"), needs: ["policy"] },
    arm: { downWhen: deniedBy("arm") },
    use: { downWhen: deniedBy("useOpen"), needs: ["policy"] },
    disarm: { downWhen: [] },
    // What relay asks after: everything behind this service that a USE needs, whatever conditions are held here.
    signer: { downWhen: [], needs: ["policy", "vault"] },
    read: { downWhen: deniedBy("list") },
  },
  grpc: { packages: ["interlock.permissions.v1"] },
  module: (runtime) => {
    const useCases = assemble(runtime);
    const failed = (err: unknown) => runtime.logger.warn({ err }, "stops are not finished yet");
    const worker = repeat(() => useCases.settleStops(), runtime.config.fenceRetryMs, failed);
    runtime.onStop("stop worker", () => worker.stop());
    return permissionsModule(useCases);
  },
};
