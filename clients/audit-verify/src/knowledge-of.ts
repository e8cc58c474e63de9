import { readFile, rename, writeFile } from "node:fs/promises";
import { cosignatures, openCheckpoint, type SignedCheckpoint } from "#platform/transparency-log/checkpoint.js";
import { LogError } from "#platform/transparency-log/log-error.js";
import { type NoteVerifier, parseVerifier } from "#platform/transparency-log/note-key.js";
import { TlogPolicy } from "#platform/transparency-log/tlog-policy.js";
import type { VerifyOptions } from "./application/verify-export.js";
import type { Arguments } from "./arguments.js";
import { type PinnedState, parseAnchor, parseState } from "./domain/pinned-state.js";
import { parseProducerKeys } from "./domain/producer-keys.js";

/** What the command line knows without asking the log. @throws LogError MALFORMED when an input is */
export async function knowledgeOf(values: Arguments, now: number): Promise<VerifyOptions> {
  const policy = values.policy === undefined ? undefined : TlogPolicy.parse(await readFile(values.policy, "utf8"));
  const keys = [...(values.key ?? []).map(parseVerifier), ...(policy?.logs ?? [])];
  if (new Set(keys.map(({ name }) => name)).size > 1) throw new LogError("MALFORMED", "the keys are of more than one log");
  const state = values.state === undefined ? undefined : await readState(values.state, keys[0]?.name);
  const maxAge = values["max-age"];
  if (maxAge !== undefined && !/^[0-9]{1,9}$/.test(maxAge)) throw new LogError("MALFORMED", "--max-age is a number of seconds");
  return {
    keys,
    policy,
    state,
    witnessNotes: await Promise.all((values["witness-note"] ?? []).map((path) => readWitnessNote(path, keys, policy))),
    anchors: (values.anchor ?? []).map(parseAnchor),
    maxAgeSeconds: maxAge === undefined ? undefined : Number(maxAge),
    producerKeys: values.producers === undefined ? undefined : parseProducerKeys(await readFile(values.producers, "utf8")),
    now,
  };
}

/** A note a witness of the policy has cosigned. @throws LogError */
async function readWitnessNote(path: string, keys: readonly NoteVerifier[], policy: TlogPolicy | undefined): Promise<SignedCheckpoint> {
  const witnesses = (policy?.witnesses ?? []).map(({ verifier }) => verifier);
  const note = openCheckpoint(await readFile(path), keys[0]?.name ?? "", keys);
  if (cosignatures(note, witnesses).length === 0) throw new LogError("MALFORMED", `no witness of the policy has cosigned ${path}`);
  return note;
}

async function readState(path: string, origin: string | undefined): Promise<PinnedState | undefined> {
  try {
    const bytes = await readFile(path);
    return parseState(bytes, origin ?? bytes.toString("utf8").split("\n")[0] ?? "");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Replaces the state, so that a stop in between leaves the old one. */
export async function writeState(path: string, checkpoint: Buffer): Promise<void> {
  await writeFile(`${path}.new`, checkpoint);
  await rename(`${path}.new`, path);
}
