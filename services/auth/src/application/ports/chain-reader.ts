import type { Address, Hex } from "viem";
import type { SafeOwners } from "../../domain/owner-signatures.js";

/**
 * What auth asks the chain.
 * Every method throws InterlockError DEPENDENCY_UNAVAILABLE when the chain cannot be asked: "no" and "nobody answered" are different things.
 */
export interface ChainReader {
  readonly chainId: number;
  /** ERC-1271 (ERC-6492 for an account that is not deployed yet): does the account accept the signature over `hash`? */
  acceptsSignature(account: Address, hash: Hex, signature: Hex): Promise<boolean>;
  /** Owners and threshold; undefined when there is no Safe at the address. */
  safeOwners(account: Address): Promise<SafeOwners | undefined>;
}
