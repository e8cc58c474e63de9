import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openCheckpoint, type SignedCheckpoint } from "#platform/transparency-log/checkpoint.js";
import { CompactRange, coveringNodes } from "#platform/transparency-log/compact-range.js";
import { HASH_SIZE } from "#platform/transparency-log/hash.js";
import { LogError } from "#platform/transparency-log/log-error.js";
import { type NoteVerifier, parseVerifier } from "#platform/transparency-log/note-key.js";
import type { RangeProof } from "#platform/transparency-log/prove.js";
import { rootOfRange, verifyConsistency } from "#platform/transparency-log/verify.js";
import { sameBytes } from "../adapters/same-bytes.js";
import { parseConsistency } from "../domain/consistency-file.js";
import { locateFault } from "../domain/locate-fault.js";
import type { Manifest } from "../domain/manifest.js";
import type { ProducerKeys } from "../domain/producer-chain.js";
import { parseRangeProof } from "../domain/range-proof-file.js";
import type { Finding, Report } from "../domain/verdict.js";
import { brokenChains } from "./broken-chains.js";
import { brokenLink } from "./broken-link.js";
import { EntryReader } from "./entry-reader.js";
import { judge, type Knowledge, sizesSeen } from "./judge.js";
import { checkFiles, openExport, readEvents } from "./read-export.js";
import { failed, reported } from "./report.js";

export interface VerifyOptions extends Knowledge {
  /** Keys of the log the holder got from somewhere else; without any the export's own are used and nothing is ever called verified. */
  readonly keys: readonly NoteVerifier[];
  /** Keys of the producers, to check what each signed of its own events. */
  readonly producerKeys?: ProducerKeys | undefined;
  readonly onProgress?: ((entries: number) => void) | undefined;
}

/** Verifies an export folder, offline. */
export async function verifyExport(folder: string, options: VerifyOptions): Promise<Report> {
  let manifest: Manifest | undefined;
  try {
    manifest = await openExport(folder);
    return await verifyFolder(folder, manifest, options);
  } catch (error) {
    if (error instanceof LogError) return failed(error, manifest);
    throw error;
  }
}

async function verifyFolder(folder: string, manifest: Manifest, options: VerifyOptions): Promise<Report> {
  const text = (name: string) => readNamed(folder, manifest, name);
  const checkpoint = await openOwn(folder, manifest, options.keys);
  const proof = parseRangeProof((await text("range.proof")).toString("utf8"));
  const logged = () => text("leaf-hashes.bin");
  const reader = new EntryReader({
    begin: manifest.begin,
    expected: manifest.end - manifest.begin,
    rootsAt: sizesSeen(options),
    ...(manifest.begin === 0 ? {} : { left: leftOf(proof) }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  await readAll(folder, manifest, reader, logged);
  if (!(await hashesAgree(folder, manifest, reader))) requireSame(reader, await logged(), manifest);
  requireAgreement(manifest, checkpoint, proof, reader);
  const root = rootOfRange(proof, reader.range);
  if (!root.equals(checkpoint.root)) {
    const index =
      reader.producers.findings[0]?.index ?? (await brokenLink((onLine) => readEvents(folder, manifest, onLine), manifest.begin));
    throw new LogError("MODIFIED", "the entries do not lead to the signed root", index);
  }
  await checkFiles(folder, manifest);
  const irregular = reader.producers.findings.find(({ kind }) => kind !== "PRODUCER_GAP");
  if (irregular !== undefined) return reported({ manifest, checkpoint, reader, findings: [irregular] });
  const broken = await brokenChains(options.producerKeys, (onLine) => readEvents(folder, manifest, onLine), manifest.begin);
  if (broken.length > 0) return reported({ manifest, checkpoint, reader, findings: broken });
  const consistency = parseConsistency(
    manifest.files.some(({ name }) => name === "consistency.json") ? await text("consistency.json") : undefined,
  );
  const judgement = await judge(checkpoint, options, async (size) => {
    const seen = reader.roots.get(size);
    if (seen !== undefined) return seen;
    const step = consistency.find((one) => one.from === size);
    if (step === undefined) return undefined;
    // A proof from another root than the one it claims to begin with is worth nothing; the claimed root is what gets compared.
    verifyConsistency(size, checkpoint.size, step.hashes, step.root, checkpoint.root);
    return step.root;
  });
  const untrusted: Finding[] =
    options.keys.length > 0
      ? []
      : [{ kind: "SELF_CONSISTENT_ONLY", message: "the log's key was taken from the export itself; give --key" }];
  return reported({
    manifest,
    checkpoint,
    reader,
    ...judgement,
    findings: [...untrusted, ...judgement.findings, ...reader.producers.findings],
  });
}

async function readNamed(folder: string, { files }: Manifest, name: string): Promise<Buffer> {
  if (!files.some((file) => file.name === name)) throw new LogError("MISSING", `${name} is not in the manifest`);
  return readFile(join(folder, name));
}

async function openOwn(folder: string, manifest: Manifest, trusted: readonly NoteVerifier[]): Promise<SignedCheckpoint> {
  const own = (await readNamed(folder, manifest, "keys.txt")).toString("utf8").trim().split("\n").map(parseVerifier);
  const keys = trusted.length > 0 ? trusted : own;
  const [first] = keys;
  const origin = trusted.length > 0 && first !== undefined ? first.name : manifest.origin;
  const checkpoint = openCheckpoint(await readNamed(folder, manifest, "checkpoint"), origin, keys);
  if (checkpoint.origin !== manifest.origin) throw new LogError("MODIFIED", `the manifest names the log ${manifest.origin}`);
  return checkpoint;
}

/** Reads the events; a file that is broken off is compared as far as it goes, so that the first bad entry can be named. */
async function readAll(folder: string, manifest: Manifest, reader: EntryReader, logged: () => Promise<Buffer>): Promise<void> {
  try {
    await readEvents(folder, manifest, reader.line);
  } catch (error) {
    if (!(error instanceof LogError) || error.index !== undefined) throw error;
    const earlier = locateFault(reader.leafHashes, (await logged()).subarray(0, reader.leafHashes.length), manifest.begin);
    if (earlier !== undefined) throw new LogError(kindOf(earlier), earlier.message, earlier.index);
    throw new LogError(error.fault, error.message, reader.end);
  }
}

/** Compared piece by piece: read whole only when it has to be said what differs. */
function hashesAgree(folder: string, { files }: Manifest, { leafHashes }: EntryReader): Promise<boolean> {
  if (!files.some(({ name }) => name === "leaf-hashes.bin")) throw new LogError("MISSING", "leaf-hashes.bin is not in the manifest");
  return sameBytes(join(folder, "leaf-hashes.bin"), leafHashes);
}

function requireSame(reader: EntryReader, logged: Buffer, { begin }: Manifest): void {
  if (logged.length % HASH_SIZE !== 0) throw new LogError("MALFORMED", "leaf-hashes.bin is no list of hashes");
  const fault = locateFault(reader.leafHashes, logged, begin);
  if (fault !== undefined) throw new LogError(kindOf(fault), fault.message, fault.index);
}

function kindOf({ kind }: Finding): LogError["fault"] {
  return kind === "SELF_CONSISTENT_ONLY" || kind === "STALE" || kind === "PRODUCER_GAP" || kind === "SPLIT_VIEW" || kind === "ROLLBACK"
    ? "MODIFIED"
    : kind;
}

function requireAgreement(manifest: Manifest, checkpoint: SignedCheckpoint, proof: RangeProof, reader: EntryReader): void {
  if (manifest.size !== checkpoint.size)
    throw new LogError("MODIFIED", `the manifest names ${manifest.size} entries, the checkpoint ${checkpoint.size}`);
  if (proof.begin !== manifest.begin || proof.end !== manifest.end || proof.size !== manifest.size) {
    throw new LogError("BAD_PROOF", `the proof is of ${proof.begin} to ${proof.end} of ${proof.size}, the manifest names others`);
  }
  if (reader.end < manifest.end) throw new LogError("TRUNCATED", `entries from ${reader.end} on are missing`, reader.end);
  if (reader.end > manifest.end) throw new LogError("TRAILING", `entries stand behind the last one, ${manifest.end - 1}`, manifest.end);
  if (reader.withheld !== manifest.withheld)
    throw new LogError("MODIFIED", `${reader.withheld} entries are withheld, the manifest names ${manifest.withheld}`);
}

function leftOf({ begin, left }: RangeProof): CompactRange {
  const places = coveringNodes(0, begin);
  if (places.length !== left.length) throw new LogError("BAD_PROOF", "range.proof has another number of hashes on its left");
  return new CompactRange(
    0,
    places.flatMap((place, i) => (left[i] === undefined ? [] : [{ ...place, hash: left[i] }])),
  );
}
