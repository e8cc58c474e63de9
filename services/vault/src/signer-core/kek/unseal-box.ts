import type { webcrypto } from "node:crypto";
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import type { Hex } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { fromHex, toHex } from "../envelope/aead.js";

/** HPKE (RFC 9180) as shares travel in: the shell and whatever else is on the way sees ciphertext only. */
export const hpke = () => new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const INFO = new TextEncoder().encode("interlock/unseal/v1");

/** A share on its way. */
export interface SealedShare {
  readonly encapsulated: Hex;
  readonly ciphertext: Hex;
}

/** The key pair of one life of signer-core that shares are encrypted to. */
export class UnsealBox {
  private constructor(
    private readonly pair: webcrypto.CryptoKeyPair,
    /** 32 bytes. */
    readonly publicKey: Hex,
  ) {}

  static async create(): Promise<UnsealBox> {
    const { kem } = hpke();
    const pair = await kem.generateKeyPair();
    return new UnsealBox(pair, toHex(new Uint8Array(await kem.serializePublicKey(pair.publicKey))));
  }

  /** The share; the caller wipes it. @throws InterlockError SHARE_INVALID when it was not encrypted to this key */
  async open({ encapsulated, ciphertext }: SealedShare): Promise<Buffer> {
    try {
      const sealed = { recipientKey: this.pair.privateKey, enc: bytes(encapsulated), info: INFO };
      return Buffer.from(await hpke().open(sealed, bytes(ciphertext)));
    } catch {
      throw new InterlockError("SHARE_INVALID", "the share was not encrypted to this core's key; ask for its status again");
    }
  }
}

/** Encrypts a share to a core's key, in the operator's own process. */
export async function sealShare(publicKey: Hex, share: Uint8Array): Promise<SealedShare> {
  const suite = hpke();
  const recipientPublicKey = await suite.kem.deserializePublicKey(bytes(publicKey));
  const { enc, ct } = await suite.seal({ recipientPublicKey, info: INFO }, new Uint8Array(share).buffer);
  return { encapsulated: toHex(new Uint8Array(enc)), ciphertext: toHex(new Uint8Array(ct)) };
}

function bytes(hex: Hex): ArrayBuffer {
  return new Uint8Array(fromHex(hex)).buffer;
}
