import { createVerify, type KeyObject, sign } from "node:crypto";
import { decode, encode } from "cbor2";
import { attestationInvalid } from "./attestation-invalid.js";

/** Protected header {1: -35}: ES384 (RFC 9053), and nothing else. */
const PROTECTED = Buffer.from("a1013822", "hex");
const SIGNATURE_BYTES = 96;

/** The payload of a COSE_Sign1 document with its signature, which is not verified yet. */
export interface CoseSign1 {
  readonly payload: Buffer;
  readonly signature: Buffer;
}

/**
 * COSE_Sign1 (RFC 9052, 4.2) as Nitro writes it: untagged, ES384 only, an empty unprotected header.
 * @throws InterlockError ATTESTATION_INVALID
 */
export function parseCoseSign1(bytes: Buffer): CoseSign1 {
  const [head, unprotected, payload, signature, ...more] = parts(bytes);
  if (more.length > 0 || !isBytes(head) || !Buffer.from(head).equals(PROTECTED)) throw attestationInvalid("must be COSE_Sign1 with ES384");
  const empty = unprotected !== null && typeof unprotected === "object" && !isBytes(unprotected) && !Array.isArray(unprotected);
  const size = unprotected instanceof Map ? unprotected.size : Object.keys(unprotected ?? {}).length;
  if (!empty || size > 0) throw attestationInvalid("the unprotected header must be empty");
  if (!isBytes(payload) || !isBytes(signature) || signature.length !== SIGNATURE_BYTES)
    throw attestationInvalid("must have payload and signature");
  const document = { payload: Buffer.from(payload), signature: Buffer.from(signature) };
  // One encoding per document: what is outside the signature must not be open to change either.
  if (!encodeCoseSign1(document).equals(bytes)) throw attestationInvalid("must be in its shortest encoding");
  return document;
}

/** True when `key` (P-384) made the signature. */
export function isSignedBy({ payload, signature }: CoseSign1, key: KeyObject): boolean {
  try {
    return createVerify("sha384").update(toBeSigned(payload)).verify({ key, dsaEncoding: "ieee-p1363" }, signature);
  } catch {
    return false;
  }
}

/** The document that `key` signs. */
export function signCose(payload: Buffer, key: KeyObject): Buffer {
  const signature = sign("sha384", toBeSigned(payload), { key, dsaEncoding: "ieee-p1363" });
  return encodeCoseSign1({ payload, signature });
}

function encodeCoseSign1({ payload, signature }: CoseSign1): Buffer {
  return Buffer.from(encode([new Uint8Array(PROTECTED), new Map(), new Uint8Array(payload), new Uint8Array(signature)]));
}

function toBeSigned(payload: Buffer): Buffer {
  return Buffer.from(encode(["Signature1", new Uint8Array(PROTECTED), new Uint8Array(0), new Uint8Array(payload)]));
}

function parts(bytes: Buffer): readonly unknown[] {
  try {
    const value: unknown = decode(new Uint8Array(bytes));
    if (Array.isArray(value)) return value;
  } catch (cause) {
    throw attestationInvalid("must be CBOR", cause);
  }
  throw attestationInvalid("must be an untagged COSE_Sign1 array");
}

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}
