import { cosignatures, type SignedCheckpoint } from "#platform/transparency-log/checkpoint.js";
import { LogError } from "#platform/transparency-log/log-error.js";
import type { TlogPolicy } from "#platform/transparency-log/tlog-policy.js";
import type { AnchorView, PinnedState } from "../domain/pinned-state.js";
import type { Finding, View } from "../domain/verdict.js";

/** What the one who verifies knows without asking the log. */
export interface Knowledge {
  readonly state?: PinnedState | undefined;
  readonly policy?: TlogPolicy | undefined;
  /** What witnesses hold of the log, checked to be cosigned by them. */
  readonly witnessNotes?: readonly SignedCheckpoint[] | undefined;
  readonly anchors: readonly AnchorView[];
  /** Oldest cosignature that is still news, in seconds before `now`. */
  readonly maxAgeSeconds?: number | undefined;
  /** Unix seconds. */
  readonly now: number;
}

/** Sizes at which others saw the log: the roots it had there are needed. */
export function sizesSeen({ state, anchors, witnessNotes = [] }: Pick<Knowledge, "state" | "anchors" | "witnessNotes">): readonly number[] {
  return [...(state === undefined ? [] : [state]), ...witnessNotes, ...anchors].map(({ size }) => size);
}

/** Root the log had at an earlier size as the verified entries or a proof show it; undefined when they do not reach there. */
export type RootAt = (size: number) => Promise<Buffer | undefined>;

export interface Judgement {
  readonly views: readonly View[];
  readonly findings: readonly Finding[];
  readonly evidence: readonly string[];
}

const text = (checkpoint: SignedCheckpoint) => checkpoint.bytes.toString("utf8");

/**
 * Holds a checkpoint that is right in itself against what others saw. A log that was rewritten and signed again by its own key is right
 * in itself: without somebody else's view there is no "verified".
 */
export async function judge(checkpoint: SignedCheckpoint, knowledge: Knowledge, rootAt: RootAt): Promise<Judgement> {
  const parts = [
    await againstState(checkpoint, knowledge, rootAt),
    againstWitnesses(checkpoint, knowledge),
    ...(await Promise.all((knowledge.witnessNotes ?? []).map((note) => againstWitnessNote(checkpoint, note, rootAt)))),
    ...(await Promise.all(knowledge.anchors.map((anchor) => againstAnchor(checkpoint, anchor, rootAt)))),
  ];
  const views = parts.flatMap((part) => part.views);
  const findings = parts.flatMap((part) => part.findings);
  if (views.length === 0 && findings.length === 0) {
    const message = "the log agrees with itself; no state, witness or anchor says that it is the one others saw";
    findings.push({ kind: "SELF_CONSISTENT_ONLY", message });
  }
  return { views, findings, evidence: parts.flatMap((part) => part.evidence) };
}

const NOTHING: Judgement = { views: [], findings: [], evidence: [] };
const found = (kind: Finding["kind"], message: string, evidence: readonly string[] = []): Judgement => ({
  views: [],
  findings: [{ kind, message }],
  evidence,
});
const seen = (kind: View["kind"], message: string): Judgement => ({ views: [{ kind, message }], findings: [], evidence: [] });

async function againstState(checkpoint: SignedCheckpoint, { state }: Knowledge, rootAt: RootAt): Promise<Judgement> {
  if (state === undefined) return NOTHING;
  const evidence = [text(state), text(checkpoint)];
  if (state.size > checkpoint.size) {
    return found("ROLLBACK", `the log had ${state.size} entries when it was seen last and has ${checkpoint.size} now`, evidence);
  }
  const root = state.size === checkpoint.size ? checkpoint.root : await rootAt(state.size);
  if (root === undefined) {
    return found("SELF_CONSISTENT_ONLY", `nothing here shows that the log grew from the ${state.size} entries seen last`);
  }
  if (!root.equals(state.root)) return found("SPLIT_VIEW", `the first ${state.size} entries are not those seen last`, evidence);
  return seen("state", `grown from the ${state.size} entries seen last`);
}

function againstWitnesses(checkpoint: SignedCheckpoint, { policy, maxAgeSeconds, now, witnessNotes = [] }: Knowledge): Judgement {
  if (policy === undefined || !policy.needsWitness) return NOTHING;
  const verifiers = policy.witnesses.map(({ verifier }) => verifier);
  // What a witness handed out itself counts as well as what the log passed on.
  const same = witnessNotes.filter(({ size, root }) => size === checkpoint.size && root.equals(checkpoint.root));
  const signatures = [checkpoint, ...same].flatMap((note) => cosignatures(note, verifiers));
  const fresh = signatures.filter(({ time = 0n }) => maxAgeSeconds === undefined || Number(time) >= now - maxAgeSeconds);
  const names = (list: typeof signatures) =>
    new Set(policy.witnesses.filter(({ verifier }) => list.some((one) => one.verifier === verifier)).map(({ name }) => name));
  if (policy.satisfied(names(fresh))) return seen("witnesses", `cosigned by ${[...names(fresh)].join(", ")}`);
  if (policy.satisfied(names(signatures))) return found("STALE", `the witnesses saw this longer than ${maxAgeSeconds} s ago`);
  return found("SELF_CONSISTENT_ONLY", "the witnesses the policy asks for have not cosigned this checkpoint");
}

async function againstWitnessNote(checkpoint: SignedCheckpoint, note: SignedCheckpoint, rootAt: RootAt): Promise<Judgement> {
  const evidence = [text(note), text(checkpoint)];
  if (note.size > checkpoint.size) {
    return found("ROLLBACK", `a witness holds ${note.size} entries, the log has ${checkpoint.size}`, evidence);
  }
  const root = note.size === checkpoint.size ? checkpoint.root : await rootAt(note.size);
  if (root === undefined)
    return found("SELF_CONSISTENT_ONLY", `nothing here shows that the log grew from the ${note.size} entries a witness holds`);
  if (!root.equals(note.root)) return found("SPLIT_VIEW", `the first ${note.size} entries are not those a witness holds`, evidence);
  return seen("witnesses", `grown from the ${note.size} entries a witness holds`);
}

async function againstAnchor(checkpoint: SignedCheckpoint, anchor: AnchorView, rootAt: RootAt): Promise<Judgement> {
  const note = `anchor ${anchor.size}:${anchor.root.toString("hex")}\n`;
  if (anchor.size > checkpoint.size) {
    return found("ROLLBACK", `the chain knows ${anchor.size} entries, the log has ${checkpoint.size}`, [note, text(checkpoint)]);
  }
  const root = anchor.size === checkpoint.size ? checkpoint.root : await rootAt(anchor.size);
  if (root === undefined)
    return found("SELF_CONSISTENT_ONLY", `nothing here shows that the log grew from the ${anchor.size} anchored entries`);
  if (!root.equals(anchor.root))
    return found("SPLIT_VIEW", `the first ${anchor.size} entries are not the anchored ones`, [note, text(checkpoint)]);
  return seen("anchor", `grown from the ${anchor.size} entries anchored on chain`);
}

/** True when `error` says something about the log and nothing about this program or its inputs. */
export const isLogError = (error: unknown): error is LogError => error instanceof LogError;
