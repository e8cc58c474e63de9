import type { CoreClient } from "../adapters/core/core-client.js";
import type { KekRepository } from "../adapters/postgres/kek-repository.js";

/**
 * Tells signer-core what operators decided, after its start and when another replica took the decision: which versions may decrypt, and that
 * a newer one wraps. A ring whose source does not have the newer version yet is asked again later.
 */
export async function syncKekLimits(core: CoreClient, keks: KekRepository): Promise<void> {
  const { activeVersion, minDecryptVersion, destroyed } = await keks.limits();
  await core.call("limitKek", { minDecryptVersion, destroyed: [...destroyed] });
  const { versions } = await core.call("kekStatus", {});
  const active = versions.find(({ state }) => state === "active");
  if (active !== undefined && active.version < activeVersion) await core.call("rotateKek", { to: activeVersion });
}
