import type { Hex } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";

/** What was signed, or is about to be, under one nonce of one key. */
export interface LedgerEntry {
  readonly digest: Hex;
  readonly generation: number;
  readonly deadline: bigint;
  /** Absent when the process died between counting and signing. */
  readonly signature: Hex | undefined;
}

/** One nonce, one digest, for ever. @throws InterlockError NONCE_EQUIVOCATION when `entry` was made for another digest */
export function checkSameDigest(entry: LedgerEntry, digest: Hex, nonce: string): void {
  if (entry.digest === digest) return;
  throw new InterlockError("NONCE_EQUIVOCATION", `nonce ${nonce} belongs to another digest`, {
    details: { nonce, signedDigest: entry.digest, digest },
  });
}
