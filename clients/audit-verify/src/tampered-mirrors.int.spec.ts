import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeBundle, encodeBundle } from "#platform/transparency-log/entry-bundle.js";
import { TILE_WIDTH, tilePath, tileWidth } from "#platform/transparency-log/tile.js";
import { TlogPolicy } from "#platform/transparency-log/tlog-policy.js";
import { logSigner, MadeLog, madeEvents, witnessSigner } from "../../../test/support/audit/made-log.js";
import { folderMirror } from "./adapters/folder-mirror.js";
import { verifyDump } from "./application/verify-dump.js";
import { verifyMirror } from "./application/verify-mirror.js";
import type { FindingKind } from "./domain/verdict.js";

const SIZE = 600;
const log = new MadeLog(madeEvents(SIZE));
const policy = TlogPolicy.parse(`log ${logSigner.verifier.text}\nwitness w ${witnessSigner.verifier.text}\nquorum w\n`);
const options = { keys: [logSigner.verifier], policy, anchors: [], now: 1_700_000_100 };

type Row = readonly [what: string, change: (folder: string) => void, kind: FindingKind, index?: number];

const file = (folder: string, path: string, change: (bytes: Buffer) => Uint8Array) =>
  writeFileSync(join(folder, path), change(readFileSync(join(folder, path))));
const bundle = (index: number, change: (leaves: Buffer[]) => readonly Uint8Array[]) => (folder: string) => {
  const width = tileWidth("entries", index, SIZE);
  file(folder, tilePath({ level: "entries", index, width }), (bytes) => encodeBundle(change(decodeBundle(bytes, width))));
};
const flip = (bytes: Buffer) => {
  bytes[5] = (bytes[5] ?? 0) ^ 1;
  return bytes;
};
const editedLeaf = (leaf: Buffer | undefined) => Buffer.from(leaf?.toString("utf8").replace("100.50", "900.50") ?? "");

const TABLE: readonly Row[] = [
  ["an entry edited", bundle(1, (all) => all.with(3, editedLeaf(all[3]))), "MODIFIED", TILE_WIDTH + 3],
  ["two entries swapped", bundle(0, ([a, b, ...rest]) => [b ?? rest[0] ?? Buffer.of(), a ?? Buffer.of(), ...rest]), "REORDERED", 0],
  ["an entry taken out of a bundle", bundle(0, (all) => all.slice(1)), "MISSING", 0],
  ["an entry put into a bundle", bundle(0, (all) => [...all, Buffer.from("{}")]), "TRAILING", 0],
  ["a bundle cut short", (f) => file(f, "tile/entries/001", (bytes) => bytes.subarray(0, -3)), "TRUNCATED", TILE_WIDTH],
  ["a bundle taken away", (f) => rmSync(join(f, "tile/entries/002.p/88")), "MISSING"],
  ["a tile of leaf hashes changed", (f) => file(f, "tile/0/001", flip), "MODIFIED", TILE_WIDTH],
  ["a tile of inner hashes changed", (f) => file(f, "tile/1/000.p/2", flip), "MODIFIED"],
  ["a tile taken away", (f) => rmSync(join(f, "tile/1/000.p/2")), "MISSING"],
  ["the checkpoint of another log", (f) => file(f, "checkpoint", () => new MadeLog(madeEvents(SIZE, "x")).cosigned()), "MODIFIED"],
  [
    "a checkpoint that was edited",
    (f) => file(f, "checkpoint", (bytes) => Buffer.from(bytes.toString().replace("\n600\n", "\n599\n"))),
    "BAD_SIGNATURE",
  ],
  ["the checkpoint taken away", (f) => rmSync(join(f, "checkpoint")), "MISSING"],
];

const named = (rows: readonly Row[]) => rows.map(([what, change, kind, index]) => ({ what, change, kind, index }));

describe("a mirror", () => {
  let base: string;
  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), "interlock-mirrors-"));
    const put = async (path: string, bytes: Uint8Array) => {
      await mkdir(dirname(join(base, "honest", path)), { recursive: true });
      await writeFile(join(base, "honest", path), bytes);
    };
    for (const [path, hashes] of log.tiles) await put(path, hashes);
    for (let index = 0; tileWidth("entries", index, SIZE) > 0; index++) {
      const width = tileWidth("entries", index, SIZE);
      await put(
        tilePath({ level: "entries", index, width }),
        encodeBundle(log.events.slice(index * TILE_WIDTH, index * TILE_WIDTH + width)),
      );
    }
    await put("checkpoint", log.cosigned());
  });
  afterAll(() => rm(base, { recursive: true, force: true }));

  it("that nobody touched is verified", async () => {
    expect(await verifyMirror(folderMirror(join(base, "honest")), options)).toMatchObject({ exit: 0, end: SIZE, findings: [] });
  });

  it.each(named(TABLE))("that somebody touched is found out: $what", async ({ change, kind, index }) => {
    const folder = await mkdtemp(join(base, "changed-"));
    await cp(join(base, "honest"), folder, { recursive: true });
    change(folder);
    const report = await verifyMirror(folderMirror(folder), options);
    expect({ exit: report.exit, ...report.findings[0] }).toMatchObject({ exit: 1, kind, ...(index === undefined ? {} : { index }) });
  });

  it("shows a producer that leaves out a number as such, and nothing worse", async () => {
    const events = log.events.filter((_, i) => i !== 300);
    const gap = new MadeLog(events);
    const folder = join(base, "gap");
    for (const [path, hashes] of gap.tiles) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), hashes);
    }
    for (let index = 0; tileWidth("entries", index, gap.size) > 0; index++) {
      const width = tileWidth("entries", index, gap.size);
      const path = join(folder, tilePath({ level: "entries", index, width }));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, encodeBundle(events.slice(index * TILE_WIDTH, index * TILE_WIDTH + width)));
    }
    await writeFile(join(folder, "checkpoint"), gap.cosigned());
    expect(existsSync(folder)).toBe(true);
    expect(await verifyMirror(folderMirror(folder), options)).toMatchObject({ exit: 3, findings: [{ kind: "PRODUCER_GAP", index: 302 }] });
  });
});

describe("a dump of the topic", () => {
  const record = (event: Buffer, index: number) => `logindex=${index},content-type=application/cloudevents+json\t${event}\n`;
  const records = log.events.map(record);
  const verify = async (all: readonly string[]) => {
    const folder = await mkdtemp(join(tmpdir(), "interlock-dump-"));
    await writeFile(join(folder, "dump"), all.join(""));
    const report = await verifyDump(join(folder, "dump"), log.cosigned(), options);
    await rm(folder, { recursive: true });
    return { exit: report.exit, ...report.findings[0] };
  };

  it("is verified, also when records came twice or behind the checkpoint", async () => {
    expect(await verify(records)).toMatchObject({ exit: 0 });
    expect(await verify([...records.slice(0, 300), ...records.slice(250), record(Buffer.from("{}"), SIZE)])).toMatchObject({ exit: 0 });
  });

  it.each([
    ["a record left out", records.filter((_, i) => i !== 100), "MISSING", 100],
    ["the last records left out", records.slice(0, -5), "TRUNCATED", 595],
    ["a record edited", records.with(100, records[100]?.replace("100.50", "900.50") ?? ""), "MODIFIED", 100],
    [
      "a record that came twice with other bytes",
      [...records.slice(0, 101), records[100]?.replace("100.50", "1") ?? "", ...records.slice(101)],
      "DUPLICATE",
      100,
    ],
    [
      "two records under each other's number",
      records.with(100, record(log.events[101] ?? Buffer.of(), 100)).with(101, record(log.events[100] ?? Buffer.of(), 101)),
      "MODIFIED",
      undefined,
    ],
    ["a record without its number", records.with(100, `\t${log.events[100]}\n`), "MODIFIED", undefined],
  ] as const)("is found out: %s", async (_, all, kind, index) => {
    expect(await verify(all)).toMatchObject({ exit: 1, kind, ...(index === undefined ? {} : { index }) });
  });
});
