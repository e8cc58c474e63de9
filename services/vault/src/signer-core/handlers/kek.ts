import { InterlockError } from "#platform/errors/interlock-error.js";
import { unixSeconds } from "#platform/kernel/clock.js";
import { attestationKindOf } from "../../domain/envelope/attestation-kind.js";
import type { CoreContext } from "../core-context.js";
import { wipe } from "../envelope/secret.js";
import { parseDestroyRequest } from "../kek/destroy-request.js";
import type { RequestOf, ResultOf } from "../protocol/operations.js";

/** Versions, seal state and limits: no material. */
export async function kekStatus(_request: unknown, { provider, keks, unsealBox }: CoreContext): Promise<ResultOf<"kekStatus">> {
  return {
    provider: provider.name,
    attestationKind: attestationKindOf(provider.name),
    versions: [...provider.versions()],
    limits: keks.limits === undefined ? null : { ...keks.limits, destroyed: [...keks.limits.destroyed] },
    sealed: provider.sealState?.() ?? null,
    unsealKey: unsealBox?.publicKey ?? null,
  };
}

/** @throws InterlockError SHARE_INVALID, CONFLICT for a provider that nobody has to open */
export async function unseal(request: RequestOf<"unseal">, { provider, unsealBox }: CoreContext): Promise<ResultOf<"unseal">> {
  if (provider.unseal === undefined || unsealBox === undefined) {
    throw new InterlockError("CONFLICT", `the provider ${provider.name} is not opened with shares`);
  }
  const share = await unsealBox.open(request);
  try {
    return { ...(await provider.unseal(share)), sealed: provider.sealState?.() !== undefined };
  } finally {
    wipe(share);
  }
}

export async function rotateKek({ to }: RequestOf<"rotateKek">, { provider }: CoreContext): Promise<ResultOf<"rotateKek">> {
  const { version } = await provider.rotate(to);
  return { version };
}

export async function limitKek(limits: RequestOf<"limitKek">, { keks, provider }: CoreContext): Promise<ResultOf<"limitKek">> {
  keks.limit(limits);
  if (provider.sealState?.() !== undefined) return {};
  // A version that was destroyed may have come back with its mounted secret.
  for (const version of limits.destroyed) await provider.destroy(version);
  return {};
}

/** @throws InterlockError OPERATOR_QUORUM, EXPIRED, VALIDATION_FAILED, CONFLICT for the active version */
export async function destroyKek(request: RequestOf<"destroyKek">, context: CoreContext): Promise<ResultOf<"destroyKek">> {
  const { provider, keks, operators, clock } = context;
  const { version, provider: named, orphans } = parseDestroyRequest(request.request, unixSeconds(clock));
  if (named !== provider.name) {
    throw new InterlockError("VALIDATION_FAILED", "request.provider: is not this vault's", { details: { field: "request.provider" } });
  }
  const approvedBy = await operators.approve(request.request, request.signatures);
  await provider.destroy(version);
  const { minDecryptVersion = 1 } = keks.limits ?? {};
  keks.limit({ minDecryptVersion, destroyed: [version] });
  return { version, orphans, operators: [...approvedBy] };
}
