import type { CoreContext } from "../core-context.js";
import type { ResultOf } from "../protocol/operations.js";

/** What the core was started with, for /status: counts and versions, no material. */
export async function health(_request: unknown, context: CoreContext): Promise<ResultOf<"health">> {
  return {
    provider: context.provider.name,
    versions: [...context.provider.versions()],
    policyKeys: context.policyKeys.size,
    permissionsKeys: context.permissionsKeys.size,
  };
}
