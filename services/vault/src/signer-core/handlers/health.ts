import type { CoreContext } from "../core-context.js";
import { processFacts } from "../process-facts.js";
import type { ResultOf } from "../protocol/operations.js";

/** What the core was started with and as what it runs: counts, versions and limits, no material. */
export async function health(_request: unknown, context: CoreContext): Promise<ResultOf<"health">> {
  return {
    provider: context.provider.name,
    versions: [...context.provider.versions()],
    policyKeys: context.policyKeys.size,
    permissionsKeys: context.permissionsKeys.size,
    process: processFacts(),
  };
}
