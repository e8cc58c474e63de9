import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject, sign, verify } from "node:crypto";

/**
 * What a producer signs: that its event number `sequence` had this hash. The first event of a batch carries the signature over the last
 * event of the batch before, so that nobody behind the producer can put one in, change one or leave one out.
 * @param sequence 20 digits, twenty zeros before the first event
 * @param hash SHA-256 of the event's bytes, hex; 64 zeros before the first event
 */
export function chainMessage(source: string, sequence: string, hash: string): Buffer {
  return Buffer.from(`interlock-chain/1\n${source}\n${sequence}\n${hash}\n`);
}

/** Signs heads of a chain; base64url. */
export type ChainSigner = (message: Buffer) => string;

/** A signer with a producer's workload key. @param key private Ed25519 JWK */
export function chainSigner(key: JsonWebKey): ChainSigner {
  const privateKey = createPrivateKey({ key, format: "jwk" });
  return (message) => sign(null, message, privateKey).toString("base64url");
}

/** A producer's public key. @param key public Ed25519 JWK */
export function chainKey(key: JsonWebKey): KeyObject {
  return createPublicKey({ key, format: "jwk" });
}

/** True when one of `keys` made the signature: an old and a new one while a key is changed. */
export function chainSignatureHolds(message: Buffer, signature: string, keys: readonly KeyObject[]): boolean {
  const bytes = Buffer.from(signature, "base64url");
  return bytes.length === 64 && keys.some((key) => verify(null, message, key, bytes));
}
