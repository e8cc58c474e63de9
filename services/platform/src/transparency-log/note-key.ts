import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from "node:crypto";
import { LogError } from "./log-error.js";

/** Signature algorithms of C2SP signed-note: 1 is Ed25519 over the text, 4 a timestamped Ed25519 cosignature of a checkpoint. */
export type NoteAlgorithm = 1 | 4;

const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/** Checks signatures of one key under one name. */
export interface NoteVerifier {
  readonly name: string;
  /** First four bytes of SHA-256(name, newline, algorithm, public key), as a number. */
  readonly keyHash: number;
  readonly algorithm: NoteAlgorithm;
  /** `name+hash+key`, as C2SP signed-note and Go's note package write it. */
  readonly text: string;
  /** True when `signature` (without the key hash) is this key's under `text`. */
  verify(text: Buffer, signature: Buffer): boolean;
}

/** Signs under one name. */
export interface NoteSigner {
  readonly verifier: NoteVerifier;
  sign(message: Buffer): Buffer;
}

const NAME = /^[^\s+]{1,200}$/;

function keyHashOf(name: string, algorithm: number, publicKey: Uint8Array): number {
  const digest = hash("sha256", Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([algorithm]), publicKey]), "buffer");
  return digest.readUInt32BE(0);
}

const hex8 = (value: number) => value.toString(16).padStart(8, "0");
const malformed = (what: string) => new LogError("MALFORMED", what);

function decode(text: string, what: string): { name: string; keyHash: string; algorithm: number; key: Buffer } {
  const [name = "", keyHash = "", ...rest] = text.trim().split("+");
  const bytes = Buffer.from(rest.join("+"), "base64");
  const [algorithm] = bytes;
  if (!NAME.test(name) || !/^[0-9a-f]{8}$/.test(keyHash) || bytes.length !== 33 || algorithm === undefined) {
    throw malformed(`${what} must be name+hash+key with 33 bytes of key`);
  }
  return { name, keyHash, algorithm, key: bytes.subarray(1) };
}

/** The message a timestamped cosignature is over (C2SP tlog-cosignature v1). */
export function cosignedMessage(text: Buffer, time: bigint): Buffer {
  return Buffer.concat([Buffer.from(`cosignature/v1\ntime ${time}\n`), text]);
}

/**
 * Reads a verifier key.
 * @throws LogError MALFORMED when it is none, or its hash is not the one of its key
 */
export function parseVerifier(text: string): NoteVerifier {
  const { name, keyHash, algorithm, key } = decode(text, "a verifier key");
  if (algorithm !== 1 && algorithm !== 4) throw malformed(`the algorithm ${algorithm} of a verifier key is not known`);
  if (keyHash !== hex8(keyHashOf(name, algorithm, key))) throw malformed(`the verifier key of ${name} has another hash`);
  return verifierOf(name, algorithm, key);
}

function verifierOf(name: string, algorithm: NoteAlgorithm, key: Buffer): NoteVerifier {
  const publicKey = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, key]), format: "der", type: "spki" });
  const keyHash = keyHashOf(name, algorithm, key);
  const bytes = Buffer.concat([Buffer.from([algorithm]), key]);
  return {
    name,
    keyHash,
    algorithm,
    text: `${name}+${hex8(keyHash)}+${bytes.toString("base64")}`,
    verify: (text, signature) => {
      if (algorithm === 1) return signature.length === 64 && verify(null, text, publicKey, signature);
      if (signature.length !== 72) return false;
      return verify(null, cosignedMessage(text, signature.readBigUInt64BE(0)), publicKey, signature.subarray(8));
    },
  };
}

/**
 * Reads a signing key as Go's note package writes it: `PRIVATE+KEY+name+hash+key`, the key being algorithm and 32-byte seed. A secret.
 * @throws LogError MALFORMED when it is none; the message does not repeat the text
 */
export function parseSigner(text: string): NoteSigner {
  const PREFIX = "PRIVATE+KEY+";
  if (!text.startsWith(PREFIX)) throw malformed("a signing key begins with PRIVATE+KEY+");
  const { name, keyHash, algorithm, key } = decode(text.slice(PREFIX.length), "a signing key");
  if (algorithm !== 1 && algorithm !== 4) throw malformed(`the algorithm ${algorithm} of a signing key is not known`);
  const signer = signerOf(name, algorithm, key);
  if (keyHash !== hex8(signer.verifier.keyHash)) throw malformed(`the signing key of ${name} has another hash`);
  return signer;
}

/** A signer from 32 secret bytes. */
export function signerOf(name: string, algorithm: NoteAlgorithm, seed: Uint8Array): NoteSigner {
  if (!NAME.test(name)) throw malformed("a key's name has no white space and no +");
  const privateKey: KeyObject = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: "der", type: "pkcs8" });
  const der = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return { verifier: verifierOf(name, algorithm, der.subarray(SPKI_PREFIX.length)), sign: (message) => sign(null, message, privateKey) };
}

/** Text of a signing key for `parseSigner`. A secret. */
export function signerText(name: string, algorithm: NoteAlgorithm, seed: Uint8Array): string {
  const { verifier } = signerOf(name, algorithm, seed);
  const bytes = Buffer.concat([Buffer.from([algorithm]), seed]);
  return `PRIVATE+KEY+${name}+${hex8(verifier.keyHash)}+${bytes.toString("base64")}`;
}
