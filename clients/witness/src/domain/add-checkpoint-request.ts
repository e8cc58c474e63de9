import { HASH_SIZE } from "#platform/transparency-log/hash.js";
import { LogError } from "#platform/transparency-log/log-error.js";

/** The body of add-checkpoint (C2SP tlog-witness). */
export interface AddCheckpointRequest {
  /** Size the log believes the witness saw last. */
  readonly old: number;
  /** Consistency proof from there. */
  readonly proof: readonly Buffer[];
  /** The signed checkpoint. */
  readonly note: Buffer;
}

const MAX_PROOF = 63;
const malformed = (what: string) => new LogError("MALFORMED", `the ${what} of the request is malformed`);

/** @throws LogError MALFORMED */
export function parseAddCheckpoint(body: Buffer): AddCheckpointRequest {
  const split = body.indexOf("\n\n");
  if (split === -1) throw malformed("empty line");
  const [first = "", ...lines] = body.toString("utf8", 0, split).split("\n");
  const [, old] = /^old (0|[1-9][0-9]{0,14})$/.exec(first) ?? [];
  if (old === undefined) throw malformed("old size");
  if (lines.length > MAX_PROOF) throw malformed("proof");
  const proof = lines.map((line) => {
    const hash = Buffer.from(line, "base64");
    if (hash.length !== HASH_SIZE || hash.toString("base64") !== line) throw malformed("proof");
    return hash;
  });
  return { old: Number(old), proof, note: body.subarray(split + 2) };
}
