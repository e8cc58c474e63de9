import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from "node:crypto";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { type DekBinding, dekAad } from "../../domain/envelope/aad.js";
import type { WrappedDek } from "../../domain/envelope/key-record.js";
import { fromHex, open, seal, toHex } from "../envelope/aead.js";
import { wipe } from "../envelope/secret.js";
import type { KekProvider, KekProviderName, KekVersion } from "./kek-provider.js";
import type { KekRing } from "./kek-ring.js";

const DEK_BYTES = 32;

/** KEKs held by signer-core itself, whatever they came from: a mounted secret, shares of people, a broker that saw an attestation. */
export class RingKekProvider implements KekProvider {
  #ring: KekRing;

  /** @param load reads the ring's source anew; called once here and at every rotation */
  constructor(
    readonly name: KekProviderName,
    ring: KekRing,
    private readonly load: () => KekRing | Promise<KekRing>,
  ) {
    this.#ring = ring;
  }

  versions(): readonly KekVersion[] {
    return [...this.#ring.keys.keys()].toSorted((a, b) => a - b).map((version) => this.#describe(version));
  }

  async wrap(dek: Buffer, binding: DekBinding): Promise<WrappedDek> {
    const head = { provider: this.name, kekVersion: this.#ring.active, dekSalt: toHex(randomBytes(32)) };
    const iv = randomBytes(12);
    const aad = dekAad(binding, head);
    const key = wrappingKey(this.#kek(head.kekVersion), head.dekSalt, aad);
    return { ...head, dekIv: toHex(iv), wrappedDek: seal(key, iv, aad, dek) };
  }

  async unwrap(wrapped: WrappedDek, binding: DekBinding): Promise<Buffer | undefined> {
    if (wrapped.provider !== this.name) return undefined;
    const aad = dekAad(binding, wrapped);
    const key = wrappingKey(this.#kek(wrapped.kekVersion), wrapped.dekSalt, aad);
    return open(key, fromHex(wrapped.dekIv), aad, wrapped.wrappedDek, DEK_BYTES);
  }

  async rotate(to?: number): Promise<KekVersion> {
    if (to !== undefined && this.#ring.active >= to) return this.#describe(this.#ring.active);
    const next = await this.load();
    if (next.active <= this.#ring.active) {
      throw new InterlockError("CONFLICT", `the source's active version ${next.active} is not newer than ${this.#ring.active}`, {
        details: { active: this.#ring.active, offered: next.active },
      });
    }
    const missing = [...this.#ring.keys.keys()].filter((version) => !next.keys.has(version));
    if (missing.length > 0) {
      throw new InterlockError("CONFLICT", `the source lacks version ${missing.join(", ")}, which rows may still need`, {
        details: { missing },
      });
    }
    this.#ring = next;
    return this.#describe(next.active);
  }

  async destroy(version: number): Promise<void> {
    if (version === this.#ring.active) throw new InterlockError("CONFLICT", `version ${version} is active; rotate first`);
    this.#ring = { ...this.#ring, keys: new Map([...this.#ring.keys].filter(([held]) => held !== version)) };
  }

  #describe(version: number): KekVersion {
    return { version, state: version === this.#ring.active ? "active" : "decrypt-only" };
  }

  #kek(version: number): KeyObject {
    const kek = this.#ring.keys.get(version);
    if (kek !== undefined) return kek;
    throw new InterlockError("DEPENDENCY_UNAVAILABLE", `KEK version ${version} is not held by provider ${this.name}`, {
      details: { dependency: "kek", kekVersion: version },
    });
  }
}

/** One wrapping key per row (HKDF-SHA256, RFC 5869): it is used once, so a random 96-bit IV cannot repeat under it. */
function wrappingKey(kek: KeyObject, salt: WrappedDek["dekSalt"], info: Buffer): KeyObject {
  const derived = new Uint8Array(hkdfSync("sha256", kek, fromHex(salt), info, 32));
  try {
    return createSecretKey(derived);
  } finally {
    wipe(derived);
  }
}
