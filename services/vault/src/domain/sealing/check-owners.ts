import type { Address, Hex } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { recoverOwners } from "#platform/safe/owner-signatures.js";

/**
 * At least `threshold` distinct owners, of those fixed at GENERATE, made `signatures` over `hash`.
 * @param signatures 65 bytes each, sorted by owner
 * @throws InterlockError OWNER_SIGNATURE_INVALID; also when anybody else's signature is among them
 */
export async function checkOwners(hash: Hex, signatures: Hex, owners: readonly Address[], threshold: number): Promise<readonly Address[]> {
  // recoverOwners demands a strictly ascending order, so nobody is counted twice.
  const signers = (await recoverOwners(hash, signatures)).map((owner): Address => `0x${owner.slice(2).toLowerCase()}`);
  const stranger = signers.find((signer) => !owners.includes(signer));
  if (stranger !== undefined) {
    throw new InterlockError("OWNER_SIGNATURE_INVALID", `${stranger} is no owner of the account that this key was made for`, {
      details: { signer: stranger },
    });
  }
  if (signers.length < threshold) {
    throw new InterlockError("OWNER_SIGNATURE_INVALID", `${signers.length} of ${threshold} necessary owners signed`, {
      details: { signers: signers.length, threshold },
    });
  }
  return signers;
}
