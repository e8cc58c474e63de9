import type { DekBinding } from "../../domain/envelope/aad.js";
import type { WrappedDek } from "../../domain/envelope/key-record.js";

export type KekState = "active" | "decrypt-only";

export interface KekVersion {
  readonly version: number;
  readonly state: KekState;
}

/** Keeper of key-encryption keys. A KEK never leaves it; data keys go in and come out. Lives in signer-core only. */
export interface KekProvider {
  /** Stored with every row it wraps, for example `file`. */
  readonly name: string;
  /** Versions it holds, ascending; exactly one is active. */
  versions(): readonly KekVersion[];
  /** Wraps `dek` under the active version, bound to `binding`. */
  wrap(dek: Buffer, binding: DekBinding): Promise<WrappedDek>;
  /**
   * The data key in a buffer of its own that the caller wipes, or undefined when the row is not authentic.
   * @throws InterlockError DEPENDENCY_UNAVAILABLE when the version is not held (any more) or the provider is away
   */
  unwrap(wrapped: WrappedDek, binding: DekBinding): Promise<Buffer | undefined>;
}
