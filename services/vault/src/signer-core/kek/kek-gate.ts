import { InterlockError } from "#platform/errors/interlock-error.js";
import type { DekBinding } from "../../domain/envelope/aad.js";
import type { WrappedDek } from "../../domain/envelope/key-record.js";
import type { KekProvider } from "../providers/kek-provider.js";

/** What the operators decided about versions, as the database keeps it. */
export interface KekLimits {
  readonly minDecryptVersion: number;
  readonly destroyed: readonly number[];
}

/**
 * The provider behind the operators' limits. Until the shell has told them nothing is opened: a core that was started again must not open
 * what had been retired before. What was destroyed once stays destroyed as long as this process lives, whatever it is told.
 */
export class KekGate {
  #limits: KekLimits | undefined;

  constructor(readonly provider: KekProvider) {}

  get limits(): KekLimits | undefined {
    return this.#limits;
  }

  limit({ minDecryptVersion, destroyed }: KekLimits): void {
    this.#limits = { minDecryptVersion, destroyed: [...new Set([...(this.#limits?.destroyed ?? []), ...destroyed])] };
  }

  wrap(dek: Buffer, binding: DekBinding): Promise<WrappedDek> {
    return this.provider.wrap(dek, binding);
  }

  /** As the provider's. @throws InterlockError KEY_DESTROYED or KEK_RETIRED for a version that may not be used any more */
  async unwrap(wrapped: WrappedDek, binding: DekBinding): Promise<Buffer | undefined> {
    const { kekVersion } = wrapped;
    if (this.#limits === undefined) {
      throw new InterlockError("DEPENDENCY_UNAVAILABLE", "signer-core was not told yet which versions may be used", {
        details: { dependency: "kek" },
      });
    }
    if (this.#limits.destroyed.includes(kekVersion)) {
      throw new InterlockError("KEY_DESTROYED", `KEK version ${kekVersion} was destroyed`, { details: { kekVersion } });
    }
    if (kekVersion < this.#limits.minDecryptVersion) {
      throw new InterlockError("KEK_RETIRED", `KEK version ${kekVersion} is below min_decrypt_version`, {
        details: { kekVersion, minDecryptVersion: this.#limits.minDecryptVersion },
      });
    }
    return this.provider.unwrap(wrapped, binding);
  }
}

/** What the envelope needs of a keeper of KEKs. */
export type DekWrapper = Pick<KekGate, "wrap" | "unwrap">;
