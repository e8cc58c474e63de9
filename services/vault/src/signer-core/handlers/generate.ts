import type { Address } from "viem";
import { keccak256 } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { UNSEALED_FLOOR } from "../../domain/envelope/key-record.js";
import type { CoreContext } from "../core-context.js";
import { toHex } from "../envelope/aead.js";
import { sealKey } from "../envelope/seal-key.js";
import { wipe } from "../envelope/secret.js";
import { generateSecret, publicKeyOf, uncompressed } from "../keys/secp256k1.js";
import type { RequestOf, ResultOf } from "../protocol/operations.js";

/**
 * Makes a key and gives its encrypted record; the secret is wiped before this returns.
 * @throws InterlockError CHAIN_MISMATCH for another chain or module than the deployment's
 */
export async function generate(request: RequestOf<"generate">, context: CoreContext): Promise<ResultOf<"generate">> {
  const { chainId, module } = context.library;
  if (request.chainId !== chainId || request.module !== module) {
    throw new InterlockError("CHAIN_MISMATCH", `keys are made for module ${module} on chain ${chainId} only`, {
      details: { chainId: request.chainId, module: request.module },
    });
  }
  const secret = generateSecret();
  try {
    const compressed = publicKeyOf(secret);
    const publicKey = uncompressed(compressed);
    const record = await sealKey(secret, { ...request, pubkey: toHex(compressed) }, UNSEALED_FLOOR, context.keks);
    return { record, address: addressOf(publicKey), publicKey: toHex(publicKey) };
  } finally {
    wipe(secret);
  }
}

/** Address of an uncompressed public key: the last 20 bytes of keccak256 of its coordinates (yellow paper, appendix F). */
export function addressOf(publicKey: Buffer): Address {
  return `0x${keccak256(publicKey.subarray(1)).slice(-40)}`;
}
