import { createHash, randomBytes } from "node:crypto";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { type DekBinding, dekAad } from "../../domain/envelope/aad.js";
import type { WrappedDek } from "../../domain/envelope/key-record.js";
import { fromHex, toHex } from "../envelope/aead.js";
import { secretBuffer, wipe } from "../envelope/secret.js";
import type { AwsKmsClient, EncryptionContext } from "./awskms-client.js";
import type { AwsKmsConfig } from "./awskms-config.js";
import type { KekProvider, KekVersion } from "./kek-provider.js";

const DEK_BYTES = 32;
const IV_BYTES = 12;
type Ring = Pick<AwsKmsConfig, "active" | "keys">;

/**
 * KEKs in AWS KMS, one KMS key per version. The binding goes into the encryption context, which KMS authenticates. **Data keys pass through
 * HTTPS as text**: copies of theirs in this process's memory cannot be ruled out with this provider.
 */
export class AwsKmsKekProvider implements KekProvider {
  readonly name = "awskms";
  #ring: Ring;

  private constructor(
    private readonly client: AwsKmsClient,
    private readonly load: () => Ring,
    ring: Ring,
    private readonly random: (bytes: number) => Buffer,
  ) {
    this.#ring = ring;
  }

  /** @throws InterlockError DEPENDENCY_UNAVAILABLE when KMS is away or refuses; CONFIG_INVALID when the active key cannot be used */
  static async open(client: AwsKmsClient, load: () => Ring, random: (bytes: number) => Buffer = randomBytes): Promise<AwsKmsKekProvider> {
    const ring = load();
    await client.check(ring.keys[String(ring.active)] ?? "");
    return new AwsKmsKekProvider(client, load, ring, random);
  }

  versions(): readonly KekVersion[] {
    const held = Object.keys(this.#ring.keys).map(Number);
    return held.toSorted((a, b) => a - b).map((version) => this.#describe(version));
  }

  async wrap(dek: Buffer, binding: DekBinding): Promise<WrappedDek> {
    const head = { provider: this.name, kekVersion: this.#ring.active, dekSalt: toHex(this.random(32)) };
    const sealed = await this.client.encrypt(this.#key(head.kekVersion), contextOf(binding, head), dek);
    return { ...head, dekIv: toHex(markOf(sealed)), wrappedDek: toHex(sealed) };
  }

  async unwrap(wrapped: WrappedDek, binding: DekBinding): Promise<Buffer | undefined> {
    const sealed = fromHex(wrapped.wrappedDek);
    if (wrapped.provider !== this.name) return undefined;
    const key = this.#key(wrapped.kekVersion);
    if (!markOf(sealed).equals(fromHex(wrapped.dekIv))) return undefined;
    const opened = await this.client.decrypt(key, contextOf(binding, wrapped), sealed);
    try {
      if (opened?.length !== DEK_BYTES) return undefined;
      const dek = secretBuffer(DEK_BYTES);
      opened.copy(dek);
      return dek;
    } finally {
      wipe(opened);
    }
  }

  async rotate(to?: number): Promise<KekVersion> {
    if (to !== undefined && this.#ring.active >= to) return this.#describe(this.#ring.active);
    const next = this.load();
    const { active } = this.#ring;
    if (next.active <= active) {
      throw new InterlockError("CONFLICT", `the source's active version ${next.active} is not newer than ${active}`, {
        details: { active, offered: next.active },
      });
    }
    const missing = Object.keys(this.#ring.keys).filter((version) => next.keys[version] !== this.#ring.keys[version]);
    if (missing.length > 0) {
      throw new InterlockError("CONFLICT", `the source lacks or changes version ${missing.join(", ")}`, { details: { missing } });
    }
    await this.client.check(next.keys[String(next.active)] ?? "");
    this.#ring = next;
    return this.#describe(next.active);
  }

  async destroy(version: number): Promise<void> {
    if (version === this.#ring.active) throw new InterlockError("CONFLICT", `version ${version} is active; rotate first`);
    const key = this.#ring.keys[String(version)];
    if (key === undefined) return;
    await this.client.scheduleDeletion(key);
    this.#ring = { ...this.#ring, keys: Object.fromEntries(Object.entries(this.#ring.keys).filter(([held]) => held !== String(version))) };
  }

  #describe(version: number): KekVersion {
    return { version, state: version === this.#ring.active ? "active" : "decrypt-only" };
  }

  #key(version: number): string {
    const key = this.#ring.keys[String(version)];
    if (key !== undefined) return key;
    throw new InterlockError("DEPENDENCY_UNAVAILABLE", `KEK version ${version} is not held by provider ${this.name}`, {
      details: { dependency: "kek", kekVersion: version },
    });
  }
}

/** A digest of the same fields that other providers authenticate: contexts stand in CloudTrail as they are. */
function contextOf(binding: DekBinding, head: Pick<WrappedDek, "provider" | "kekVersion" | "dekSalt">): EncryptionContext {
  return { "interlock:row": createHash("sha256").update(dekAad(binding, head)).digest("hex") };
}

/**
 * Stands where other providers have an IV; KMS keeps its own inside its ciphertext. A damaged ciphertext may name a key that there is none
 * of, which KMS answers as it answers a caller without rights: with this mark it is seen before KMS is asked.
 */
function markOf(sealed: Buffer): Buffer {
  return createHash("sha256").update(sealed).digest().subarray(0, IV_BYTES);
}
