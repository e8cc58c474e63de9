import { createHash, createSecretKey } from "node:crypto";
import { combine, split } from "shamir-secret-sharing";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { randomSecret, wipe } from "../envelope/secret.js";
import { type RingText, withNextVersion } from "./ring-text.js";
import { openRingText, sealRing } from "./sealed-ring.js";
import type { ShamirConfig } from "./shamir-config.js";

/** What a key ceremony leaves: the file for every vault, and one share for each of the people. */
export interface Ceremony {
  readonly config: ShamirConfig;
  /** Handed to one person each and kept nowhere else. */
  readonly shares: readonly Buffer[];
}

/** A new ring with one version, sealed under a key that `threshold` of `count` people hold together. */
export async function holdCeremony(ceremony: string, count: number, threshold: number): Promise<Ceremony> {
  const secret = randomSecret(32);
  try {
    const shares = (await split(new Uint8Array(secret.buffer), count, threshold)).map((share) => Buffer.from(share));
    const ring = Buffer.from(JSON.stringify(withNextVersion({ active: 0, keys: {} })));
    const sealedRing = sealRing(createSecretKey(secret), ceremony, ring);
    wipe(ring);
    const hashes = shares.map((share) => createHash("sha256").update(share).digest("hex"));
    return { config: { provider: "shamir", ceremony, threshold, shares: hashes, sealedRing }, shares };
  } finally {
    wipe(secret);
  }
}

/** The same ceremony's file with one more version, active from now on. @throws InterlockError SHARE_INVALID when the shares do not open it */
export async function addVersion(config: ShamirConfig, shares: readonly Buffer[]): Promise<ShamirConfig> {
  const secret = Buffer.from(await combine(shares.map((share) => new Uint8Array(share))));
  const unsealKey = createSecretKey(secret);
  wipe(secret);
  const text = openRingText(unsealKey, config.ceremony, config.sealedRing);
  if (text === undefined) throw new InterlockError("SHARE_INVALID", "these shares do not open the ring");
  const ring: RingText = JSON.parse(text.toString("utf8"));
  wipe(text);
  const next = Buffer.from(JSON.stringify(withNextVersion(ring)));
  const sealedRing = sealRing(unsealKey, config.ceremony, next);
  wipe(next);
  return { ...config, sealedRing };
}
