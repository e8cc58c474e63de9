import { createHash, randomBytes } from "node:crypto";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { type DekBinding, dekAad } from "../../domain/envelope/aad.js";
import type { WrappedDek } from "../../domain/envelope/key-record.js";
import { fromHex, toHex } from "../envelope/aead.js";
import { secretBuffer, wipe } from "../envelope/secret.js";
import type { KekProvider, KekVersion } from "./kek-provider.js";
import type { TransitClient } from "./transit-client.js";

const DEK_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const EMPTY = Buffer.alloc(0);

/**
 * KEKs in the transit engine of OpenBao or HashiCorp Vault. The binding goes into the `context` that a derived key is derived from, one key
 * per row: the engine can rewrap with that, which it cannot with associated data. **Data keys pass through HTTP as text**: copies of theirs
 * in this process's memory cannot be ruled out with this provider.
 */
export class TransitKekProvider implements KekProvider {
  readonly name = "transit";
  #versions: readonly number[];

  private constructor(
    private readonly client: TransitClient,
    versions: readonly number[],
    private readonly random: (bytes: number) => Buffer,
  ) {
    this.#versions = versions;
  }

  /** @throws InterlockError DEPENDENCY_UNAVAILABLE when the engine is away or refuses the token */
  static async open(client: TransitClient, random: (bytes: number) => Buffer = randomBytes): Promise<TransitKekProvider> {
    return new TransitKekProvider(client, await client.versions(), random);
  }

  versions(): readonly KekVersion[] {
    return this.#versions.map((version) => ({ version, state: version === this.#active ? "active" : "decrypt-only" }));
  }

  async wrap(dek: Buffer, binding: DekBinding): Promise<WrappedDek> {
    const head = { provider: this.name, kekVersion: this.#active, dekSalt: toHex(this.random(32)) };
    const ciphertext = await this.client.encrypt(head.kekVersion, contextOf(binding, head), dek);
    const [scheme, version, body = ""] = ciphertext.split(":");
    const bytes = Buffer.from(body, "base64");
    if (scheme !== "vault" || version !== `v${head.kekVersion}` || bytes.length !== IV_BYTES + DEK_BYTES + TAG_BYTES) {
      throw new InterlockError("INTERNAL", "the transit engine made a ciphertext of another form");
    }
    return { ...head, dekIv: toHex(bytes.subarray(0, IV_BYTES)), wrappedDek: toHex(bytes.subarray(IV_BYTES)) };
  }

  async unwrap(wrapped: WrappedDek, binding: DekBinding): Promise<Buffer | undefined> {
    const { provider, kekVersion } = wrapped;
    const [iv, sealed] = [fromHex(wrapped.dekIv), fromHex(wrapped.wrappedDek)];
    if (provider !== this.name || iv.length !== IV_BYTES || sealed.length !== DEK_BYTES + TAG_BYTES) return undefined;
    if (!this.#versions.includes(kekVersion)) {
      throw new InterlockError("DEPENDENCY_UNAVAILABLE", `KEK version ${kekVersion} is not held by provider ${this.name}`, {
        details: { dependency: "kek", kekVersion },
      });
    }
    const ciphertext = `vault:v${kekVersion}:${Buffer.concat([iv, sealed]).toString("base64")}`;
    const opened = (await this.client.decrypt(ciphertext, contextOf(binding, wrapped))) ?? EMPTY;
    try {
      if (opened.length !== DEK_BYTES) return undefined;
      const dek = secretBuffer(DEK_BYTES);
      opened.copy(dek);
      return dek;
    } finally {
      wipe(opened);
    }
  }

  async rotate(to?: number): Promise<KekVersion> {
    this.#versions = await this.client.versions();
    if (to === undefined || this.#active < to) {
      await this.client.rotate();
      this.#versions = await this.client.versions();
    }
    return { version: this.#active, state: "active" };
  }

  /** The engine deletes from the oldest version on. @throws InterlockError CONFLICT for the active version, and while an older one is held */
  async destroy(version: number): Promise<void> {
    if (version === this.#active) throw new InterlockError("CONFLICT", `version ${version} is active; rotate first`);
    if (!this.#versions.includes(version)) return;
    const [oldest] = this.#versions;
    if (oldest !== version) throw new InterlockError("CONFLICT", `the transit engine deletes from the oldest on: version ${oldest} first`);
    await this.client.trim(version + 1);
    this.#versions = await this.client.versions();
  }

  get #active(): number {
    return this.#versions.at(-1) ?? 0;
  }
}

/** What the engine derives the row's key from: the same fields that other providers authenticate. */
function contextOf(binding: DekBinding, head: Pick<WrappedDek, "provider" | "kekVersion" | "dekSalt">): Buffer {
  return createHash("sha256").update(dekAad(binding, head)).digest();
}
