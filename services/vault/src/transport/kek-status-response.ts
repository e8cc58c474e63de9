import type { KekStatusResponse, RewrapProgress as RewrapProgressMessage } from "#proto/interlock/vault/v1/vault_admin.js";
import type { KekAdmin, RewrapProgress } from "../application/kek-admin.js";

/** The rewrap as it goes over the wire. */
export function rewrapProgress({ state, targetVersion, total, remaining, rowsPerSecond }: RewrapProgress): RewrapProgressMessage {
  return { state, targetVersion, total, remaining, rowsPerSecond };
}

/** All that operators may know of the key ring; no material. */
export function kekStatusResponse({ status, process, limits, rows, rewrap }: Awaited<ReturnType<KekAdmin["status"]>>): KekStatusResponse {
  const { provider, attestationKind, versions, sealed, unsealKey } = status;
  return {
    provider,
    attestationKind,
    versions: versions.map(({ version, state }) => ({ version, state, rows: rows.get(version) ?? 0 })),
    minDecryptVersion: limits.minDecryptVersion,
    destroyed: [...limits.destroyed],
    sealed: sealed !== null,
    sharesHave: sealed?.have ?? 0,
    sharesNeed: sealed?.need ?? 0,
    unsealKey: unsealKey ?? "",
    rewrap: rewrapProgress(rewrap),
    process: { ...process, uid: Math.max(0, process.uid), lockedKilobytes: process.lockedKilobytes ?? 0 },
  };
}
