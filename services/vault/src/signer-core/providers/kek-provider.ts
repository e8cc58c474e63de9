import type { DekBinding } from "../../domain/envelope/aad.js";
import type { WrappedDek } from "../../domain/envelope/key-record.js";

export type KekState = "active" | "decrypt-only";

export interface KekVersion {
  readonly version: number;
  readonly state: KekState;
}

/** Stored with every row a provider wraps, and authenticated with it. `attested-dev` is a development root: no hardware vouches for it. */
export const KEK_PROVIDERS = ["file", "pkcs11", "shamir", "attested", "attested-dev", "transit", "awskms"] as const;
export type KekProviderName = (typeof KEK_PROVIDERS)[number];

/** How far a provider is that people have to open. */
export interface SealState {
  readonly have: number;
  readonly need: number;
}

/**
 * Keeper of key-encryption keys. A KEK never leaves it; data keys go in and come out. Lives in signer-core only.
 * Every method but `versions` throws DEPENDENCY_UNAVAILABLE while the keeper is away, and KEK_SEALED while it waits for shares.
 */
export interface KekProvider {
  readonly name: KekProviderName;
  /** Versions it holds, ascending; exactly one is active. Empty while it is sealed or away. */
  versions(): readonly KekVersion[];
  /** Wraps `dek` under the active version, bound to `binding`. */
  wrap(dek: Buffer, binding: DekBinding): Promise<WrappedDek>;
  /**
   * The data key in a buffer of its own that the caller wipes, or undefined when the row is not authentic.
   * @throws InterlockError DEPENDENCY_UNAVAILABLE when the version is not held (any more)
   */
  unwrap(wrapped: WrappedDek, binding: DekBinding): Promise<Buffer | undefined>;
  /**
   * Makes a newer version active; the earlier ones go on decrypting. Providers whose keys an operator supplies read them anew.
   * @param to version that another replica made active already: it is adopted, and none is made
   * @throws InterlockError CONFLICT when there is nothing newer, or a version is missing that was held until now
   */
  rotate(to?: number): Promise<KekVersion>;
  /** Forgets a version for ever; one that is not held is no error. @throws InterlockError CONFLICT for the active version */
  destroy(version: number): Promise<void>;
  /** Only of providers that people have to open: what is missing. */
  sealState?(): SealState | undefined;
  /** Takes one share. @throws InterlockError SHARE_INVALID when it is none of this ceremony's */
  unseal?(share: Buffer): Promise<SealState>;
  /** Takes the provider's connections down at the end of the process. */
  close?(): void;
}
