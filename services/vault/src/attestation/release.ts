import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import type { Attested } from "./verify-attestation.js";

const INFO = new TextEncoder().encode("interlock/kek-release/v1");

/** A KEK ring on its way into an enclave: HPKE (RFC 9180) to the key in its document. All base64. */
export interface ReleasedRing {
  readonly kind: Attested["kind"];
  readonly encapsulated: string;
  readonly ciphertext: string;
}

const suite = () => new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const exact = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

/** Encrypts the ring to an attested key; the kind of attestation is bound to it. */
export async function sealRelease({ kind, publicKey }: Pick<Attested, "kind" | "publicKey">, ring: string): Promise<ReleasedRing> {
  const hpke = suite();
  const recipientPublicKey = await hpke.kem.deserializePublicKey(exact(publicKey));
  const aad = new TextEncoder().encode(kind).buffer;
  const { enc, ct } = await hpke.seal({ recipientPublicKey, info: INFO }, new TextEncoder().encode(ring).buffer, aad);
  return { kind, encapsulated: Buffer.from(enc).toString("base64"), ciphertext: Buffer.from(ct).toString("base64") };
}

/** The key pair of one release, made inside the enclave. */
export class ReleaseKey {
  private constructor(
    private readonly pair: Awaited<ReturnType<CipherSuite["kem"]["generateKeyPair"]>>,
    readonly publicKey: Buffer,
  ) {}

  static async create(): Promise<ReleaseKey> {
    const { kem } = suite();
    const pair = await kem.generateKeyPair();
    return new ReleaseKey(pair, Buffer.from(await kem.serializePublicKey(pair.publicKey)));
  }

  /** The ring's text. @throws Error when it was not encrypted to this key */
  async open({ kind, encapsulated, ciphertext }: ReleasedRing): Promise<string> {
    const sealed = { recipientKey: this.pair.privateKey, enc: exact(Buffer.from(encapsulated, "base64")), info: INFO };
    const text = await suite().open(sealed, exact(Buffer.from(ciphertext, "base64")), new TextEncoder().encode(kind).buffer);
    return new TextDecoder().decode(text);
  }
}
