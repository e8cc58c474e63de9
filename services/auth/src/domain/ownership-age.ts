import { LOGIN_LIMITS } from "./login-limits.js";

export type OwnershipAge = "fresh" | "due" | "void";

/**
 * What a reading of the chain is worth at `now`: fresh up to 15 minutes; due until a day old, when it serves only requests
 * that add no authority, and only while the chain cannot be asked; void after that.
 */
export function ownershipAge(verifiedAt: Date, now: Date): OwnershipAge {
  const age = now.getTime() - verifiedAt.getTime();
  if (age <= LOGIN_LIMITS.ownershipFresh) return "fresh";
  return age <= LOGIN_LIMITS.ownershipStale ? "due" : "void";
}
