import { openCheckpoint, parseCheckpoint, type SignedCheckpoint } from "#platform/transparency-log/checkpoint.js";
import { LogError } from "#platform/transparency-log/log-error.js";
import type { NoteVerifier } from "#platform/transparency-log/note-key.js";
import { verifyConsistency } from "#platform/transparency-log/verify.js";
import type { AddCheckpointRequest } from "./add-checkpoint-request.js";

/** What the witness has to do about a request. */
export type Decision =
  /** Keep the checkpoint, then cosign it. */
  | { readonly kind: "cosign"; readonly checkpoint: SignedCheckpoint }
  /** The log has to start from another size: 409 with the one that is known. */
  | { readonly kind: "conflict"; readonly known: number }
  /** Two checkpoints that cannot be of one log: 409, and both are kept. */
  | { readonly kind: "contradiction"; readonly known: number }
  | { readonly kind: "refused"; readonly status: 400 | 403 | 404 | 422; readonly why: string };

const refused = (status: 400 | 403 | 404 | 422, why: string): Decision => ({ kind: "refused", status, why });

/**
 * Decides about a checkpoint (C2SP tlog-witness): it must be signed by a key of a log that is witnessed here, and be shown to contain
 * everything this witness has cosigned of that log.
 * @param latest the checkpoint cosigned last for that origin
 */
export function decide(
  request: AddCheckpointRequest,
  keys: readonly NoteVerifier[],
  latest: (origin: string) => SignedCheckpoint | undefined,
): Decision {
  const { origin, size, root } = parseCheckpoint(request.note);
  const own = keys.filter(({ name }) => name === origin);
  if (own.length === 0) return refused(404, "this log is not witnessed here");
  let checkpoint: SignedCheckpoint;
  try {
    checkpoint = openCheckpoint(request.note, origin, own);
  } catch (error) {
    if (error instanceof LogError) return refused(403, error.message);
    throw error;
  }
  const known = latest(origin);
  const knownSize = known?.size ?? 0;
  if (request.old > size) return refused(400, "the old size is above the checkpoint's");
  if (request.old !== knownSize) return { kind: "conflict", known: knownSize };
  if (request.old === size && known !== undefined && !known.root.equals(root)) return { kind: "contradiction", known: knownSize };
  if (request.old === 0) return request.proof.length === 0 ? { kind: "cosign", checkpoint } : refused(422, "nothing is proved from size 0");
  try {
    verifyConsistency(request.old, size, request.proof, known?.root ?? root, root);
  } catch (error) {
    if (error instanceof LogError) return refused(422, error.message);
    throw error;
  }
  return { kind: "cosign", checkpoint };
}
