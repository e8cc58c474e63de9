import { LogError } from "./log-error.js";
import { cosignedMessage, type NoteSigner, type NoteVerifier } from "./note-key.js";

/** One signature line of a note. */
export interface NoteSignature {
  readonly name: string;
  readonly keyHash: number;
  /** What stands behind the four bytes of the key hash. */
  readonly bytes: Buffer;
}

/** A note as C2SP signed-note writes it: text that ends in a newline, an empty line, signature lines. */
export interface SignedNote {
  readonly text: Buffer;
  readonly signatures: readonly NoteSignature[];
}

const MAX_NOTE_BYTES = 1_000_000;
const MAX_SIGNATURES = 100;
const malformed = (what: string) => new LogError("MALFORMED", what);

/** @throws LogError MALFORMED when the bytes are no signed note, down to the last one */
export function parseNote(bytes: Buffer): SignedNote {
  if (bytes.length > MAX_NOTE_BYTES) throw malformed("a note is larger than a megabyte");
  const text = bytes.toString("utf8");
  if (!Buffer.from(text).equals(bytes)) throw malformed("a note is not UTF-8");
  if (hasControlCharacter(text)) throw malformed("a note holds a control character");
  const split = text.lastIndexOf("\n\n");
  if (split === -1 || !text.endsWith("\n")) throw malformed("a note needs an empty line before its signatures");
  const lines = text.slice(split + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) throw malformed(`a note has more than ${MAX_SIGNATURES} signatures`);
  return { text: Buffer.from(text.slice(0, split + 1)), signatures: lines.map(parseSignature) };
}

function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 0x20 && code !== 0x0a) || code === 0x7f) return true;
  }
  return false;
}

function parseSignature(line: string): NoteSignature {
  const [, name, base64] = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? [];
  if (name === undefined || base64 === undefined) throw malformed("a signature line of a note is malformed");
  const bytes = Buffer.from(base64, "base64");
  if (bytes.toString("base64") !== base64 || bytes.length < 5) throw malformed(`the signature of ${name} is not canonical base64`);
  return { name, keyHash: bytes.readUInt32BE(0), bytes: bytes.subarray(4) };
}

/** One signature as a line, with its newline. */
export function signatureLine(verifier: NoteVerifier, signature: Uint8Array): string {
  const keyHash = Buffer.alloc(4);
  keyHash.writeUInt32BE(verifier.keyHash);
  return `— ${verifier.name} ${Buffer.concat([keyHash, signature]).toString("base64")}\n`;
}

/**
 * Signs `text` with every signer: an old and a new key while a key is being changed.
 * @param text ends in a newline
 */
export function signNote(text: string, signers: readonly NoteSigner[]): Buffer {
  if (!text.endsWith("\n")) throw new RangeError("the text of a note ends in a newline");
  const lines = signers.map(({ verifier, sign }) => signatureLine(verifier, sign(Buffer.from(text))));
  return Buffer.from(`${text}\n${lines.join("")}`);
}

/** A witness's line under a checkpoint: its statement that at `time` (Unix seconds) this extended all it had seen. */
export function cosign(text: Buffer, signer: NoteSigner, time: bigint): string {
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(time);
  return signatureLine(signer.verifier, Buffer.concat([stamp, signer.sign(cosignedMessage(text, time))]));
}

/** A signature that holds. */
export interface VerifiedSignature {
  readonly verifier: NoteVerifier;
  /** Unix seconds a cosignature states. */
  readonly time?: bigint;
}

/**
 * The signatures of `note` that `verifiers` know and that hold; others are ignored, as C2SP demands.
 * @throws LogError BAD_SIGNATURE when one carries the name and hash of a known key and does not hold
 */
export function verifiedSignatures(note: SignedNote, verifiers: readonly NoteVerifier[]): readonly VerifiedSignature[] {
  const verified: VerifiedSignature[] = [];
  for (const { name, keyHash, bytes } of note.signatures) {
    const verifier = verifiers.find((one) => one.name === name && one.keyHash === keyHash);
    if (verifier === undefined || verified.some((one) => one.verifier === verifier)) continue;
    if (!verifier.verify(note.text, bytes)) throw new LogError("BAD_SIGNATURE", `the signature of ${name} does not hold`);
    verified.push(verifier.algorithm === 4 ? { verifier, time: bytes.readBigUInt64BE(0) } : { verifier });
  }
  return verified;
}
