import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signCheckpoint } from "#platform/transparency-log/checkpoint.js";
import { leafHash } from "#platform/transparency-log/hash.js";
import { signerOf } from "#platform/transparency-log/note-key.js";
import { proveRange } from "#platform/transparency-log/prove.js";
import { cosign, parseNote } from "#platform/transparency-log/signed-note.js";
import { TlogPolicy } from "#platform/transparency-log/tlog-policy.js";
import { ChangedExport } from "../../../test/support/audit/changed-export.js";
import { ACCOUNTS, logSigner, MadeLog, madeEvents, ORIGIN, witnessSigner } from "../../../test/support/audit/made-log.js";
import { verifyExport } from "./application/verify-export.js";
import { writeExport } from "./application/write-export.js";
import { formatRangeProof } from "./domain/range-proof-file.js";
import type { FindingKind } from "./domain/verdict.js";

const BEGIN = 40;
const END = 300;
const log = new MadeLog(madeEvents(400));
const other = new MadeLog(madeEvents(400, "another log"));
const policy = TlogPolicy.parse(`log ${logSigner.verifier.text}\nwitness w ${witnessSigner.verifier.text}\nquorum w\n`);
const stranger = signerOf(ORIGIN, 1, Buffer.alloc(32, 9));

type Change = (tampered: ChangedExport) => void | Promise<void>;
type Row = readonly [what: string, change: Change, kind: FindingKind, index?: number];

/** Replaces line `i` of the export by what `edit` makes of it. */
const edit =
  (i: number, change: (line: string) => string): Change =>
  (tampered) =>
    tampered.changeLines((lines) => lines.map((line, at) => (at === i ? change(line) : line)));
const lines =
  (change: (all: string[]) => readonly string[]): Change =>
  (tampered) =>
    tampered.changeLines(change);
/** Changes line `i` and the list of hashes, as somebody would who knows what the verifier compares. */
const editBoth =
  (i: number, change: (line: string) => string): Change =>
  (tampered) => {
    tampered.changeLines((all) => all.map((line, at) => (at === i ? change(line) : line)));
    tampered.write("leaf-hashes.bin", Buffer.concat(tampered.lines().map((line) => leafHash(Buffer.from(line)))));
  };
const note = (signer = logSigner, size = 400, root = log.root, origin = ORIGIN) => {
  const signed = signCheckpoint({ origin, size, root }, [signer]);
  return Buffer.concat([signed, Buffer.from(cosign(parseNote(signed).text, witnessSigner, 1_700_000_000n))]);
};
const withoutLine = (i: number, count = 1) => lines((all) => all.filter((_, at) => at < i || at >= i + count));

const TABLE: readonly Row[] = [
  ["a value edited", edit(10, (line) => line.replace('"100.50"', '"900.50"')), "MODIFIED", BEGIN + 10],
  ["a value edited together with its hash", editBoth(10, (line) => line.replace('"100.50"', '"900.50"')), "MODIFIED", BEGIN + 10],
  ["a number spelled another way", edit(11, (line) => line.replace('"nonce":51', '"nonce":5.1e1')), "MODIFIED", BEGIN + 11],
  [
    "the order of keys changed",
    edit(12, (line) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(line) as object).reverse()))),
    "MODIFIED",
    BEGIN + 12,
  ],
  ["unicode normalised", edit(13, (line) => line.normalize("NFD")), "MODIFIED", BEGIN + 13],
  ["a space added", edit(14, (line) => `${line} `), "MODIFIED", BEGIN + 14],
  ["a carriage return added", edit(15, (line) => `${line}\r`), "MODIFIED", BEGIN + 15],
  ["one bit flipped", edit(16, (line) => line.replace("event-", "evenu-")), "MODIFIED", BEGIN + 16],
  ["one entry removed", withoutLine(20), "MISSING", BEGIN + 20],
  ["two consecutive entries removed", withoutLine(20, 2), "MISSING", BEGIN + 20],
  ["the head cut off", withoutLine(0, 5), "MISSING", BEGIN],
  ["the tail cut off", withoutLine(255, 5), "TRUNCATED", BEGIN + 255],
  ["every entry removed", lines(() => []), "TRUNCATED", BEGIN],
  ["two entries swapped", lines((all) => [...all.slice(0, 30), ...all.slice(30, 32).reverse(), ...all.slice(32)]), "REORDERED", BEGIN + 30],
  ["an entry moved to the end", lines((all) => [...all.slice(0, 30), ...all.slice(31), ...all.slice(30, 31)]), "REORDERED", BEGIN + 30],
  ["an entry repeated", lines((all) => [...all.slice(0, 41), ...all.slice(40)]), "DUPLICATE", BEGIN + 41],
  ["the last entry repeated at the end", lines((all) => [...all, ...all.slice(-1)]), "DUPLICATE", END],
  [
    "a foreign entry put in between",
    lines((all) => [...all.slice(0, 50), other.events[90]?.toString() ?? "", ...all.slice(50)]),
    "MODIFIED",
    BEGIN + 50,
  ],
  ["a foreign entry put at the end", lines((all) => [...all, other.events[300]?.toString() ?? ""]), "TRAILING", END],
  ["an entry replaced by one of another log", edit(60, () => other.events[100]?.toString() ?? ""), "MODIFIED", BEGIN + 60],
  ["an empty line put in", lines((all) => [...all.slice(0, 70), "", ...all.slice(70)]), "MODIFIED", BEGIN + 70],
  [
    "bytes behind the gzip member",
    (t) => t.write("events.ndjson.gz", Buffer.concat([t.read("events.ndjson.gz"), Buffer.from("more")])),
    "TRAILING",
    END,
  ],
  [
    "a second gzip member",
    (t) => t.write("events.ndjson.gz", Buffer.concat([t.read("events.ndjson.gz"), gzipSync("{}\n")])),
    "TRAILING",
    END,
  ],
  ["the gzip file cut short", (t) => t.write("events.ndjson.gz", t.read("events.ndjson.gz").subarray(0, -200)), "TRUNCATED"],
  [
    "the gzip checksum changed",
    (t) => t.write("events.ndjson.gz", Buffer.concat([t.read("events.ndjson.gz").subarray(0, -8), Buffer.alloc(8)])),
    "MODIFIED",
    END,
  ],
  ["the last newline taken away", (t) => t.write("events.ndjson.gz", gzipSync(t.lines().join("\n"))), "TRUNCATED"],
  ["a manifest that names more withheld entries", (t) => t.changeManifest((m) => ({ ...m, withheld: 3 })), "MODIFIED"],
  ["a manifest that names another begin", (t) => t.changeManifest((m) => ({ ...m, begin: BEGIN + 1 })), "BAD_PROOF"],
  ["a manifest that names another end", (t) => t.changeManifest((m) => ({ ...m, end: END + 1 })), "BAD_PROOF"],
  ["a manifest that names another size", (t) => t.changeManifest((m) => ({ ...m, size: 401 })), "MODIFIED"],
  ["a manifest that names another log", (t) => t.changeManifest((m) => ({ ...m, origin: "example.org/other" })), "MODIFIED"],
  ["a manifest without its list of files", (t) => t.changeManifest((m) => ({ ...m, files: undefined })), "MALFORMED"],
  ["the manifest taken away", (t) => rmSync(t.path("manifest.json")), "MISSING"],
  ["a file nobody named", (t) => writeFileSync(t.path("notes.txt"), "x"), "TRAILING"],
  [
    "a file in a folder nobody named",
    (t) => {
      mkdirSync(t.path("extra"));
      writeFileSync(t.path("extra/x"), "x");
    },
    "TRAILING",
  ],
  ["a file that was named taken away", (t) => rmSync(t.path("range.proof")), "MISSING"],
  [
    "a proof of another range",
    async (t) => t.write("range.proof", formatRangeProof(await proveRange(log.node, BEGIN + 1, END + 1, 400))),
    "BAD_PROOF",
  ],
  [
    "a proof of another log",
    async (t) => t.write("range.proof", formatRangeProof(await proveRange(other.node, BEGIN, END, 400))),
    "MODIFIED",
  ],
  [
    "a proof with a hash left out",
    (t) =>
      t.write(
        "range.proof",
        t
          .read("range.proof")
          .toString()
          .replace(/\n[^\n]+\n\n/, "\n\n"),
      ),
    "BAD_PROOF",
  ],
  ["an old checkpoint of the log", (t) => t.write("checkpoint", note(logSigner, 350, log.rootAt(350))), "MODIFIED"],
  ["a checkpoint of another log under the same key", (t) => t.write("checkpoint", note(logSigner, 400, other.root)), "MODIFIED"],
  [
    "a checkpoint with another origin",
    (t) => t.write("checkpoint", note(signerOf("example.org/other", 1, Buffer.alloc(32, 1)), 400, log.root, "example.org/other")),
    "BAD_SIGNATURE",
  ],
  ["a checkpoint signed by a stranger", (t) => t.write("checkpoint", note(stranger)), "BAD_SIGNATURE"],
  [
    "a stranger's key put into the export",
    (t) => {
      t.write("checkpoint", note(stranger));
      t.write("keys.txt", `${stranger.verifier.text}\n`);
    },
    "BAD_SIGNATURE",
  ],
  [
    "a checkpoint whose size was edited",
    (t) => t.write("checkpoint", t.read("checkpoint").toString().replace("\n400\n", "\n401\n")),
    "BAD_SIGNATURE",
  ],
  [
    "a cosignature replayed from another checkpoint",
    (t) => t.write("checkpoint", Buffer.concat([log.checkpoint(), lastLine(other.cosigned())])),
    "BAD_SIGNATURE",
  ],
  ["a schema swapped", (t) => writeFileSync(t.path("schemas/session.armed.v1.json"), '{"type": "string"}'), "TRAILING"],
  ["a schema of the same length swapped", (t) => writeFileSync(t.path("schemas/session.armed.v1.json"), '{"type":"string"}'), "MODIFIED"],
  ["bytes behind the checkpoint", (t) => appendFileSync(t.path("checkpoint"), "x"), "MALFORMED"],
  [
    "the list of hashes changed",
    (t) => t.write("leaf-hashes.bin", Buffer.concat([Buffer.alloc(32), t.read("leaf-hashes.bin").subarray(32)])),
    "MODIFIED",
    BEGIN,
  ],
];

const lastLine = (bytes: Buffer) => Buffer.from(`${bytes.toString("utf8").trimEnd().split("\n").at(-1)}\n`);

const SCOPED: readonly Row[] = [
  [
    "a withheld entry with a false hash",
    lines((all) => all.map((line) => line.replace(/"leafhash":"[0-9a-f]{4}/, '"leafhash":"0000'))),
    "MODIFIED",
  ],
  ["a withheld entry with another place", edit(2, (line) => line.replace(/"logindex":"\d+"/, '"logindex":"77"')), "MISSING", 2],
  ["a withheld entry that says more", edit(2, (line) => line.replace("}", ',"why":"x"}')), "MODIFIED", 2],
  ["a withheld entry taken out", withoutLine(2), "MISSING", 2],
  [
    "an event turned into a withheld one with a false hash",
    edit(0, () => `{"logindex":"0","withheld":true,"leafhash":"${"ab".repeat(32)}"}`),
    "MODIFIED",
    0,
  ],
];

const named = (rows: readonly Row[]) => rows.map(([what, change, kind, index]) => ({ what, change, kind, index }));

describe("a tampered export", () => {
  let base: string;
  const make = async (name: string, begin: number, end: number, withheld?: (event: Buffer) => boolean) => {
    const more = { "schemas/session.armed.v1.json": '{"type":"object"}' };
    await writeExport(join(base, name), { ...(await log.export(begin, end, withheld)), more });
  };
  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), "interlock-tampered-"));
    await make("honest", BEGIN, END);
    await make("scoped", 0, 100, (event) => !event.includes(ACCOUNTS[0] ?? ""));
  });
  afterAll(() => rm(base, { recursive: true, force: true }));

  const verifyChanged = async (from: string, change: Change) => {
    const folder = await mkdtemp(join(base, "changed-"));
    await cp(join(base, from), folder, { recursive: true });
    await change(new ChangedExport(folder));
    return verifyExport(folder, { keys: [logSigner.verifier], policy, anchors: [], now: 1_700_000_100 });
  };

  it("is verified before anything is changed", async () => {
    expect(await verifyChanged("honest", () => undefined)).toMatchObject({ exit: 0 });
    expect(await verifyChanged("scoped", () => undefined)).toMatchObject({ exit: 0, withheld: 50 });
  });

  it.each(named(TABLE))("is found out: $what", async ({ change, kind, index }) => {
    const report = await verifyChanged("honest", change);
    expect({ exit: report.exit, ...report.findings[0] }).toMatchObject({ exit: 1, kind, ...(index === undefined ? {} : { index }) });
  });

  it.each(named(SCOPED))("with withheld entries is found out: $what", async ({ change, kind, index }) => {
    const report = await verifyChanged("scoped", change);
    expect({ exit: report.exit, ...report.findings[0] }).toMatchObject({ exit: 1, kind, ...(index === undefined ? {} : { index }) });
  });
});
