import { randomFillSync } from "node:crypto";
import { createRequire } from "node:module";
import type * as Secp256k1 from "secp256k1";
import type { Hex } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { RecentCache } from "#platform/kernel/recent-cache.js";
import { fromHex } from "../envelope/aead.js";
import { randomSecret, wipe } from "../envelope/secret.js";

const { privateKeyVerify, publicKeyCreate, publicKeyConvert, ecdsaSign, ecdsaVerify } = load();

/**
 * The native addon itself: the package's index would fall back to the JavaScript curve of `elliptic`, which leaves copies of keys in memory.
 * @throws InterlockError CONFIG_INVALID on a platform for which secp256k1 5.0.2 ships no prebuild (linux-arm64, darwin-x64)
 */
function load(): typeof Secp256k1 {
  try {
    return createRequire(import.meta.url)("secp256k1/bindings");
  } catch (cause) {
    const platform = `${process.platform}-${process.arch}`;
    throw new InterlockError("CONFIG_INVALID", `signer-core: there is no native libsecp256k1 for ${platform}`, {
      details: { platform, rule: "needs the prebuilt addon of the package secp256k1 (linux-x64, darwin-arm64, win32-x64)" },
      docs: "docs/vault.md#platforms",
      cause,
    });
  }
}

/** A fresh secret key from the operating system's generator; the caller wipes it. */
export function generateSecret(): Buffer {
  const secret = randomSecret(32);
  // Outside [1, n-1] with a probability of 2^-128; drawing again is what SEC 1 demands.
  while (!privateKeyVerify(secret)) randomFillSync(secret);
  return secret;
}

/** Compressed public key of `secret`, 33 bytes. */
export function publicKeyOf(secret: Buffer): Buffer {
  return Buffer.from(publicKeyCreate(secret, true));
}

/** Uncompressed form, 65 bytes beginning with 04. */
export function uncompressed(pubkey: Buffer): Buffer {
  return Buffer.from(publicKeyConvert(pubkey, false));
}

/** Decompressed public keys: a square root modulo p costs a tenth of a verification. */
const points = new RecentCache<Hex, Buffer>(4_096);

function pointOf(pubkey: Hex): Buffer {
  const known = points.get(pubkey);
  if (known !== undefined) return known;
  const point = uncompressed(fromHex(pubkey));
  points.set(pubkey, point);
  return point;
}

/**
 * Signs a 32-byte digest (RFC 6979 nonce, low s as EIP-2 demands) and verifies the result before it is let out.
 * @returns r, s, v (27 or 28): 65 bytes
 */
export function signDigest(secret: Buffer, pubkey: Hex, digest: Buffer): Hex {
  const { signature, recid } = ecdsaSign(digest, secret);
  // A fault while signing (bit flip, broken addon) can give the key away with one wrong signature. Verification refuses a high s too.
  if (!ecdsaVerify(signature, digest, pointOf(pubkey))) {
    wipe(signature);
    throw new InterlockError("INTERNAL", "the signature did not verify and was thrown away");
  }
  return `0x${Buffer.from(signature.buffer, signature.byteOffset, signature.byteLength).toString("hex")}${(27 + recid).toString(16)}`;
}
