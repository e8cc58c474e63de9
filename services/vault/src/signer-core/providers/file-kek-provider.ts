import { hkdfSync, type KeyObject, randomBytes } from "node:crypto";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { type DekBinding, dekAad } from "../../domain/envelope/aad.js";
import type { WrappedDek } from "../../domain/envelope/key-record.js";
import { fromHex, open, seal, toHex } from "../envelope/aead.js";
import { wipe } from "../envelope/secret.js";
import type { KekProvider, KekVersion } from "./kek-provider.js";
import type { KekRing } from "./kek-ring.js";

const DEK_BYTES = 32;

/** KEKs from a mounted, versioned secret (KEK_FILE). The provider of local runs and of clusters without an HSM. */
export class FileKekProvider implements KekProvider {
  readonly name = "file";

  constructor(private readonly ring: KekRing) {}

  versions(): readonly KekVersion[] {
    return [...this.ring.keys.keys()]
      .toSorted((a, b) => a - b)
      .map((version) => ({ version, state: version === this.ring.active ? "active" : "decrypt-only" }));
  }

  async wrap(dek: Buffer, binding: DekBinding): Promise<WrappedDek> {
    const head = { provider: this.name, kekVersion: this.ring.active, dekSalt: toHex(randomBytes(32)) };
    const iv = randomBytes(12);
    const aad = dekAad(binding, head);
    const key = wrappingKey(this.#kek(head.kekVersion), head.dekSalt, aad);
    try {
      return { ...head, dekIv: toHex(iv), wrappedDek: seal(key, iv, aad, dek) };
    } finally {
      wipe(key);
    }
  }

  async unwrap(wrapped: WrappedDek, binding: DekBinding): Promise<Buffer | undefined> {
    if (wrapped.provider !== this.name) return undefined;
    const aad = dekAad(binding, wrapped);
    const key = wrappingKey(this.#kek(wrapped.kekVersion), wrapped.dekSalt, aad);
    try {
      return open(key, fromHex(wrapped.dekIv), aad, wrapped.wrappedDek, DEK_BYTES);
    } finally {
      wipe(key);
    }
  }

  #kek(version: number): KeyObject {
    const kek = this.ring.keys.get(version);
    if (kek !== undefined) return kek;
    throw new InterlockError("DEPENDENCY_UNAVAILABLE", `KEK version ${version} is not held by provider ${this.name}`, {
      details: { dependency: "kek", kekVersion: version },
    });
  }
}

/** One wrapping key per row (HKDF-SHA256, RFC 5869): it is used once, so a random 96-bit IV cannot repeat under it. */
function wrappingKey(kek: KeyObject, salt: WrappedDek["dekSalt"], info: Buffer): Buffer {
  return Buffer.from(hkdfSync("sha256", kek, fromHex(salt), info, 32));
}
