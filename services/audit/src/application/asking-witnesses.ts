import { InterlockError } from "#platform/errors/interlock-error.js";
import { parseCheckpoint } from "#platform/transparency-log/checkpoint.js";
import { parseNote, signatureLine } from "#platform/transparency-log/signed-note.js";
import type { Witness } from "#platform/transparency-log/tlog-policy.js";
import type { CheckpointRepository } from "../adapters/checkpoint-repository.js";
import type { Proving } from "./proving.js";

/** What a witness answered: its lines, or the size it knows when ours was another one. */
export type WitnessAnswer = { readonly lines: string } | { readonly known: number };

/** Sends a request of C2SP tlog-witness. @throws when the witness is away or refuses */
export type AddCheckpoint = (url: string, body: string) => Promise<WitnessAnswer>;

export interface AskingOptions {
  readonly witnesses: readonly Witness[];
  readonly checkpoints: Pick<CheckpointRepository, "newest" | "cosigned">;
  readonly proving: Pick<Proving, "consistency">;
  readonly addCheckpoint: AddCheckpoint;
  readonly onError: (witness: string, error: unknown) => void;
}

/** Has every witness cosign the newest checkpoint. A witness that is away or refuses stops nothing here: whoever verifies decides who must. */
export class AskingWitnesses {
  private readonly known = new Map<string, number>();

  constructor(private readonly options: AskingOptions) {}

  /** Asks everybody once about what is new to them. */
  async ask(): Promise<void> {
    const newest = await this.options.checkpoints.newest();
    if (newest === undefined || newest.size === 0) return;
    const note = parseNote(newest.note);
    await Promise.all(
      this.options.witnesses.map(async (witness) => {
        if (witness.url === undefined || note.signatures.some(({ name }) => name === witness.verifier.name)) return;
        await this.askOne(witness, witness.url, newest.size, newest.note).catch((error: unknown) =>
          this.options.onError(witness.name, error),
        );
      }),
    );
  }

  private async askOne(witness: Witness, url: string, size: number, note: Buffer): Promise<void> {
    // It says which size it knows when ours is not it; a second conflict means that somebody else asks at the same time.
    for (let tries = 0; tries < 3; tries++) {
      const old = this.known.get(witness.name) ?? 0;
      const answer = await this.options.addCheckpoint(url, await this.request(old, size, note));
      if ("known" in answer) {
        if (answer.known > size) throw new InterlockError("CONFLICT", `the witness knows ${answer.known} entries, the log has ${size}`);
        this.known.set(witness.name, answer.known);
        continue;
      }
      this.known.set(witness.name, size);
      await this.keep(witness, size, note, answer.lines);
      return;
    }
  }

  private async request(old: number, size: number, note: Buffer): Promise<string> {
    const proof = old === 0 ? [] : await this.options.proving.consistency(old, size);
    return [`old ${old}`, ...proof.map((hash) => hash.toString("base64")), "", note.toString("utf8")].join("\n");
  }

  /** Keeps the witness's line when it is its own and holds. */
  private async keep({ name, verifier }: Witness, size: number, note: Buffer, lines: string): Promise<void> {
    const { note: own } = parseCheckpoint(note);
    const { signatures } = parseNote(Buffer.concat([own.text, Buffer.from(`\n${lines}`)]));
    const signature = signatures.find((one) => one.name === verifier.name && one.keyHash === verifier.keyHash);
    if (signature === undefined || !verifier.verify(own.text, signature.bytes)) {
      throw new InterlockError("CONFLICT", `the answer of ${name} is no cosignature of this checkpoint`);
    }
    await this.options.checkpoints.cosigned(size, verifier.name, signatureLine(verifier, signature.bytes));
  }
}
