import { randomBytes } from "node:crypto";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { type DekBinding, dekAad } from "../../domain/envelope/aad.js";
import type { WrappedDek } from "../../domain/envelope/key-record.js";
import { fromHex, toHex } from "../envelope/aead.js";
import { secretBuffer, wipe } from "../envelope/secret.js";
import type { KekProvider, KekVersion } from "./kek-provider.js";
import type { Pkcs11Token } from "./pkcs11-token.js";

const DEK_BYTES = 32;
const TAG_BYTES = 16;
const IV_BYTES = 12;

/**
 * KEKs that never leave an HSM. There is no HKDF in most tokens, so one key wraps many data keys with a random IV each: rotate well before
 * 2^32 wraps of one version (NIST SP 800-38D, 8.3).
 */
export class Pkcs11KekProvider implements KekProvider {
  readonly name = "pkcs11";

  constructor(private readonly token: Pkcs11Token) {}

  versions(): readonly KekVersion[] {
    const all = this.#held();
    const active = all.at(-1);
    return all.map((version) => ({ version, state: version === active ? "active" : "decrypt-only" }));
  }

  #held(): readonly number[] {
    try {
      return this.token.connect();
    } catch {
      // Away: it holds nothing that anybody could use now.
      return [];
    }
  }

  async wrap(dek: Buffer, binding: DekBinding): Promise<WrappedDek> {
    const head = { provider: this.name, kekVersion: this.#active(), dekSalt: toHex(randomBytes(32)) };
    const iv = randomBytes(IV_BYTES);
    const wrapped = this.token.encrypt(head.kekVersion, iv, dekAad(binding, head), dek);
    return { ...head, dekIv: toHex(iv), wrappedDek: toHex(wrapped) };
  }

  async unwrap(wrapped: WrappedDek, binding: DekBinding): Promise<Buffer | undefined> {
    const iv = fromHex(wrapped.dekIv);
    const sealed = fromHex(wrapped.wrappedDek);
    if (wrapped.provider !== this.name || iv.length !== IV_BYTES || sealed.length !== DEK_BYTES + TAG_BYTES) return undefined;
    // Tokens want room for the tag too before they have checked it.
    const room = secretBuffer(sealed.length);
    try {
      const opened = this.token.decrypt(wrapped.kekVersion, iv, dekAad(binding, wrapped), sealed, room);
      if (opened?.length !== DEK_BYTES) return undefined;
      const dek = secretBuffer(DEK_BYTES);
      opened.copy(dek);
      return dek;
    } finally {
      wipe(room);
    }
  }

  async rotate(to?: number): Promise<KekVersion> {
    // Another replica may have made keys in the token since this session looked.
    this.token.close();
    const active = this.#active();
    if (to !== undefined && active >= to) return { version: active, state: "active" };
    const version = active + 1;
    this.token.generate(version);
    return { version, state: "active" };
  }

  async destroy(version: number): Promise<void> {
    if (version === this.#active()) throw new InterlockError("CONFLICT", `version ${version} is active; rotate first`);
    this.token.destroy(version);
  }

  close(): void {
    this.token.close();
  }

  /** The newest version in the token; the first is made by the operator's ceremony, never by a vault that finds none. */
  #active(): number {
    const active = this.token.connect().at(-1);
    if (active !== undefined) return active;
    throw new InterlockError("DEPENDENCY_UNAVAILABLE", "the token holds no key of the configured label", {
      details: { dependency: "kek" },
    });
  }
}
