import type { Address, Hex } from "viem";

/** What a key is for. Fixed at GENERATE for ever: the key layer's AAD binds all of it. Addresses in lower case. */
export interface KeyIdentity {
  readonly keyRef: string;
  readonly sessionId: string;
  readonly account: Address;
  readonly chainId: string;
  readonly module: Address;
  /** Owners of the account at GENERATE, ascending, each once. */
  readonly owners: readonly Address[];
  /** How many of `owners` must have signed a policy before its floor is sealed. */
  readonly threshold: number;
  /** Fence number the key was made under. */
  readonly generation: number;
  /** Compressed public key, 33 bytes. */
  readonly pubkey: Hex;
}

/** A data key under a key-encryption key; all of it may be public but useless without the KEK. */
export interface WrappedDek {
  readonly provider: string;
  readonly kekVersion: number;
  readonly dekSalt: Hex;
  readonly dekIv: Hex;
  /** Ciphertext and 16-byte tag of the 32-byte data key. */
  readonly wrappedDek: Hex;
}

/** The two encrypted layers of 02-vault. Ciphertexts carry their GCM tag at the end. */
export interface KeyEnvelope extends WrappedDek {
  readonly v: 1;
  readonly alg: "secp256k1";
  readonly iv: Hex;
  /** Ciphertext and 16-byte tag of the 32-byte secret key. */
  readonly encryptedKey: Hex;
  /** HKDF of the data key: GCM alone does not commit to its key. */
  readonly commitment: Hex;
  /** Hash of the sealed floor; 32 zero bytes before ARM. */
  readonly floorHash: Hex;
}

/** One encrypted key with everything its AAD binds. */
export type KeyRecord = KeyIdentity & KeyEnvelope;

/** `floorHash` of a key that nothing was sealed for. */
export const UNSEALED_FLOOR: Hex = `0x${"00".repeat(32)}`;
