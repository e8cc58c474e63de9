import { createHash, createSecretKey, type KeyObject } from "node:crypto";
import { combine } from "shamir-secret-sharing";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { DekBinding } from "../../domain/envelope/aad.js";
import type { WrappedDek } from "../../domain/envelope/key-record.js";
import { wipe } from "../envelope/secret.js";
import type { KekProvider, KekVersion, SealState } from "./kek-provider.js";
import type { KekRing } from "./kek-ring.js";
import { RingKekProvider } from "./ring-kek-provider.js";
import { openRing } from "./sealed-ring.js";
import { parseShamirConfig, type ShamirConfig } from "./shamir-config.js";

/**
 * KEKs that k of n people have to open after every start. The library tells neither wrong shares from missing ones nor a wrong secret from
 * the right one, so each share is known by its hash, and the ring authenticates the secret that they give.
 */
export class ShamirKekProvider implements KekProvider {
  readonly name = "shamir";
  readonly #given = new Map<string, Uint8Array>();
  #unsealKey: KeyObject | undefined;
  #ring: RingKekProvider | undefined;

  /** @param read text of KEK_FILE as it is now */
  constructor(
    private readonly read: () => string,
    private readonly config: ShamirConfig = parseShamirConfig(read()),
  ) {}

  versions(): readonly KekVersion[] {
    return this.#ring?.versions() ?? [];
  }

  /** Undefined once it is open. */
  sealState(): SealState | undefined {
    return this.#ring === undefined ? { have: this.#given.size, need: this.config.threshold } : undefined;
  }

  async unseal(share: Buffer): Promise<SealState> {
    const { shares, threshold } = this.config;
    const hash = createHash("sha256").update(share).digest("hex");
    if (!shares.includes(hash)) {
      throw new InterlockError("SHARE_INVALID", "this share is none of the ceremony's; it does not count", {
        details: { ceremony: this.config.ceremony, have: this.#given.size, need: threshold },
      });
    }
    if (this.#ring !== undefined) return { have: threshold, need: threshold };
    wipe(this.#given.get(hash));
    this.#given.set(hash, new Uint8Array(share));
    if (this.#given.size >= threshold) await this.#open();
    return this.sealState() ?? { have: threshold, need: threshold };
  }

  wrap(dek: Buffer, binding: DekBinding): Promise<WrappedDek> {
    return this.#opened((ring) => ring.wrap(dek, binding));
  }

  unwrap(wrapped: WrappedDek, binding: DekBinding): Promise<Buffer | undefined> {
    return this.#opened((ring) => ring.unwrap(wrapped, binding));
  }

  rotate(to?: number): Promise<KekVersion> {
    return this.#opened((ring) => ring.rotate(to));
  }

  destroy(version: number): Promise<void> {
    return this.#opened((ring) => ring.destroy(version));
  }

  async #opened<T>(use: (ring: RingKekProvider) => Promise<T>): Promise<T> {
    if (this.#ring !== undefined) return use(this.#ring);
    const { have, need } = { have: this.#given.size, need: this.config.threshold };
    throw new InterlockError("KEK_SEALED", `the KEK ring is sealed: ${have} of ${need} shares were given`, { details: { have, need } });
  }

  async #open(): Promise<void> {
    const secret = await combine([...this.#given.values()]);
    try {
      this.#unsealKey = createSecretKey(secret);
      const ring = this.#load();
      this.#ring = new RingKekProvider("shamir", ring, () => this.#load());
    } finally {
      wipe(secret, ...this.#given.values());
      this.#given.clear();
    }
  }

  #load(): KekRing {
    const { ceremony, sealedRing } = parseShamirConfig(this.read());
    const ring = this.#unsealKey === undefined ? undefined : openRing(this.#unsealKey, ceremony, sealedRing);
    if (ring !== undefined) return ring;
    throw new InterlockError("CONFIG_INVALID", "KEK_FILE: the sealed ring does not belong to these shares");
  }
}
