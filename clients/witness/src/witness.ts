import { parseCheckpoint } from "#platform/transparency-log/checkpoint.js";
import { LogError } from "#platform/transparency-log/log-error.js";
import type { NoteSigner, NoteVerifier } from "#platform/transparency-log/note-key.js";
import { cosign } from "#platform/transparency-log/signed-note.js";
import type { CheckpointFiles } from "./adapters/checkpoint-files.js";
import { type AddCheckpointRequest, parseAddCheckpoint } from "./domain/add-checkpoint-request.js";
import { decide } from "./domain/decide.js";

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export interface WitnessOptions {
  readonly files: Pick<CheckpointFiles, "latest" | "keep" | "keepEvidence">;
  /** Keys of the logs that are witnessed. */
  readonly logs: readonly NoteVerifier[];
  readonly signer: NoteSigner;
  /** Unix seconds. */
  readonly now: () => bigint;
}

const TEXT = "text/plain; charset=utf-8";
/** Media type of the known size in a 409 (C2SP tlog-witness). */
const SIZE = "text/x.tlog.size";

/** Cosigns checkpoints of logs that only ever grow. One request at a time: what is known is compared and replaced in one go. */
export class Witness {
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: WitnessOptions) {}

  /** Answers the body of one add-checkpoint. */
  add(body: Buffer): Promise<Answer> {
    const answer = this.turn.then(() => this.answer(body));
    this.turn = answer.catch(() => undefined);
    return answer;
  }

  /** The note cosigned last of the log `origin`, with the cosignature: what an auditor holds the log against. */
  held(origin: string): Answer {
    const { files, logs } = this.options;
    const note = logs.some(({ name }) => name === origin) ? files.latest(origin) : undefined;
    if (note === undefined) return { status: 404, contentType: TEXT, body: "nothing is held of that log\n" };
    return { status: 200, contentType: TEXT, body: note.bytes.toString("utf8") };
  }

  private async answer(body: Buffer): Promise<Answer> {
    const { files, logs, signer, now } = this.options;
    let request: AddCheckpointRequest;
    try {
      request = parseAddCheckpoint(body);
      parseCheckpoint(request.note);
    } catch (error) {
      if (error instanceof LogError) return { status: 400, contentType: TEXT, body: `${error.message}\n` };
      throw error;
    }
    const decision = decide(request, logs, (origin) => files.latest(origin));
    if (decision.kind === "refused") return { status: decision.status, contentType: TEXT, body: `${decision.why}\n` };
    if (decision.kind === "contradiction") await files.keepEvidence(parseCheckpoint(request.note));
    if (decision.kind !== "cosign") return { status: 409, contentType: SIZE, body: `${decision.known}\n` };
    const cosignature = cosign(decision.checkpoint.note.text, signer, now());
    // Kept before it is answered: a witness that forgot would cosign both sides of a fork.
    const bytes = Buffer.concat([decision.checkpoint.bytes, Buffer.from(cosignature)]);
    await files.keep({ ...decision.checkpoint, bytes });
    return { status: 200, contentType: TEXT, body: cosignature };
  }
}
