import { HASH_SIZE } from "./hash.js";
import { LogError } from "./log-error.js";
import type { NoteSigner, NoteVerifier } from "./note-key.js";
import { parseNote, type SignedNote, signNote, type VerifiedSignature, verifiedSignatures } from "./signed-note.js";

/** What a log says of itself (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** Name of the log, for ever the same: a schema-less URL by custom. */
  readonly origin: string;
  /** Leaves. */
  readonly size: number;
  readonly root: Buffer;
}

/** A checkpoint with the note it stands in. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: SignedNote;
  readonly bytes: Buffer;
}

/** The text of a checkpoint: origin, size, root, each a line; no extension lines. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString("base64")}\n`;
}

/** A checkpoint as a note. */
export function signCheckpoint(checkpoint: Checkpoint, signers: readonly NoteSigner[]): Buffer {
  return signNote(checkpointText(checkpoint), signers);
}

/** @throws LogError MALFORMED when `bytes` are no note with exactly the three lines of a checkpoint */
export function parseCheckpoint(bytes: Buffer): SignedCheckpoint {
  const note = parseNote(bytes);
  const [origin = "", size = "", rootText = "", ...rest] = note.text.toString("utf8").split("\n");
  const root = Buffer.from(rootText, "base64");
  if (origin === "") throw malformed("origin");
  if (!/^(0|[1-9][0-9]{0,14})$/.test(size)) throw malformed("size");
  if (root.length !== HASH_SIZE || root.toString("base64") !== rootText) throw malformed("root");
  if (rest.length !== 1 || rest[0] !== "") throw malformed("number of lines");
  return { origin, size: Number(size), root, note, bytes };
}

const malformed = (what: string) => new LogError("MALFORMED", `the ${what} of a checkpoint is malformed`);

/**
 * Reads a checkpoint of the log `origin` and checks that one of the log's own keys signed it.
 * @throws LogError MALFORMED; BAD_SIGNATURE for another log's checkpoint, or when none of `keys` signed it
 */
export function openCheckpoint(bytes: Buffer, origin: string, keys: readonly NoteVerifier[]): SignedCheckpoint {
  const checkpoint = parseCheckpoint(bytes);
  if (checkpoint.origin !== origin) throw new LogError("BAD_SIGNATURE", `a checkpoint of ${checkpoint.origin}, expected ${origin}`);
  const own = keys.filter(({ algorithm, name }) => algorithm === 1 && name === origin);
  if (verifiedSignatures(checkpoint.note, own).length === 0)
    throw new LogError("BAD_SIGNATURE", `no key of ${origin} signed the checkpoint`);
  return checkpoint;
}

/** The cosignatures under a checkpoint by `witnesses`. @throws LogError BAD_SIGNATURE when one does not hold */
export function cosignatures(checkpoint: SignedCheckpoint, witnesses: readonly NoteVerifier[]): readonly VerifiedSignature[] {
  return verifiedSignatures(
    checkpoint.note,
    witnesses.filter(({ algorithm }) => algorithm === 4),
  );
}
