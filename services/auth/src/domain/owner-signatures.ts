import type { Address } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { OwnerSignature } from "#platform/safe/owner-signatures.js";

/** Owners and threshold of a Safe, as read from the chain. */
export interface SafeOwners {
  readonly owners: readonly Address[];
  readonly threshold: number;
}

export type Collection =
  | { readonly status: "collecting"; readonly collected: number; readonly needed: number }
  | { readonly status: "enough"; readonly collected: number; readonly needed: number; readonly signatures: readonly OwnerSignature[] };

/**
 * How far a collection is, counting only those who are owners now: one who was removed since does not count.
 * The answer carries exactly `threshold` signatures.
 */
export function collect(signatures: readonly OwnerSignature[], safe: SafeOwners): Collection {
  const owners = new Set(safe.owners.map((owner) => owner.toLowerCase()));
  const latest = new Map(signatures.map((entry) => [entry.owner.toLowerCase(), entry]));
  const valid = [...latest.values()].filter((entry) => owners.has(entry.owner.toLowerCase()));
  const progress = { collected: valid.length, needed: safe.threshold };
  if (valid.length < safe.threshold) return { status: "collecting", ...progress };
  return { status: "enough", ...progress, signatures: valid.slice(0, safe.threshold) };
}

/** @throws InterlockError SIWE_INVALID when `owner` does not own the Safe. */
export function requireOwner(owner: Address, safe: SafeOwners): void {
  if (safe.owners.some((known) => known.toLowerCase() === owner.toLowerCase())) return;
  throw new InterlockError("SIWE_INVALID", "owner: must be an owner of the account", {
    details: { field: "owner", rule: "an owner of the account", value: owner },
  });
}
