import { hash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { signCheckpoint } from "#platform/transparency-log/checkpoint.js";
import { leafHash } from "#platform/transparency-log/hash.js";
import { parseSigner, signerOf } from "#platform/transparency-log/note-key.js";
import { TreeBuilder } from "#platform/transparency-log/tree-builder.js";
import { CheckpointRepository } from "../../../services/audit/src/adapters/checkpoint-repository.js";
import { EntryRepository } from "../../../services/audit/src/adapters/entry-repository.js";
import { PostgresLogStorage } from "../../../services/audit/src/adapters/postgres-log-storage.js";
import { Proving } from "../../../services/audit/src/application/proving.js";
import { Reading } from "../../../services/audit/src/application/reading.js";
import { AuditorList } from "../../../services/audit/src/domain/auditor-list.js";
import { openAuditHttp } from "../../../services/audit/src/transport/http/open-audit-http.js";
import { madeEvents } from "../../../test/support/audit/made-log.js";
import { type AuditBed, auditBed } from "../../../test/support/audit-bed.js";
import { run } from "./run.js";

const COUNT = 600;
const TOKEN = "an-auditor";
const WAIT = { timeout: 90_000, interval: 200 };
const EDITED = `convert_to(replace(convert_from(event, 'UTF8'), '100.50', '900.50'), 'UTF8')`;
const leafOf = (bytes: string) => `sha256('\\x00'::bytea || ${bytes})`;

type Row = readonly [what: string, sql: string, exit: number, kind: string, index?: number];

/** What somebody does who has the log's database and not its key. */
const DATABASE: readonly Row[] = [
  ["an entry's value edited", `UPDATE audit.entry SET event = ${EDITED} WHERE log_index = 100`, 1, "MODIFIED", 100],
  [
    "an entry edited together with its hash",
    `UPDATE audit.entry SET event = ${EDITED}, leaf_hash = ${leafOf(EDITED)} WHERE log_index = 310`,
    1,
    "MODIFIED",
    310,
  ],
  [
    "two entries exchanged",
    `UPDATE audit.entry e SET event = o.event, leaf_hash = o.leaf_hash FROM audit.entry o
       WHERE (e.log_index = 40 AND o.log_index = 41) OR (e.log_index = 41 AND o.log_index = 40)`,
    1,
    "REORDERED",
    40,
  ],
  [
    "one entry written over another",
    `UPDATE audit.entry e SET event = o.event, leaf_hash = o.leaf_hash FROM audit.entry o WHERE e.log_index = 7 AND o.log_index = 6`,
    1,
    "DUPLICATE",
    7,
  ],
  ["an entry deleted", "DELETE FROM audit.entry WHERE log_index = 100", 1, "MISSING", 100],
  ["two entries in a row deleted", "DELETE FROM audit.entry WHERE log_index IN (258, 259)", 1, "MISSING", 258],
  ["the last entries deleted", `DELETE FROM audit.entry WHERE log_index >= ${COUNT - 5}`, 1, "MISSING"],
  [
    "an entry deleted and those behind it moved up",
    "DELETE FROM audit.entry WHERE log_index = 20; UPDATE audit.entry SET log_index = -log_index WHERE log_index > 20; UPDATE audit.entry SET log_index = -log_index - 1 WHERE log_index < 0",
    1,
    "MISSING",
    20,
  ],
  [
    "a tile of leaf hashes edited",
    "UPDATE audit.tile SET hashes = overlay(hashes placing '\\x00'::bytea from 65) WHERE level = 0 AND index = 1",
    1,
    "MODIFIED",
    258,
  ],
  [
    "a tile of inner hashes edited",
    "UPDATE audit.tile SET hashes = overlay(hashes placing '\\x0000'::bytea from 5) WHERE level = 1 AND index = 0",
    1,
    "MODIFIED",
  ],
  ["a tile deleted", "DELETE FROM audit.tile WHERE level = 0 AND index = 1", 1, "MISSING"],
  [
    "an entry edited with its hash and its tile",
    `UPDATE audit.entry SET event = ${EDITED}, leaf_hash = ${leafOf(EDITED)} WHERE log_index = 310;
     UPDATE audit.tile SET hashes = overlay(hashes placing (SELECT leaf_hash FROM audit.entry WHERE log_index = 310) from 32 * 54 + 1) WHERE level = 0 AND index = 1`,
    1,
    "MODIFIED",
  ],
  ["the newest checkpoints deleted", "DELETE FROM audit.cosignature; DELETE FROM audit.checkpoint WHERE size > 300", 4, "ROLLBACK"],
  [
    "a checkpoint's size edited",
    "UPDATE audit.checkpoint SET note = convert_to(regexp_replace(convert_from(note, 'UTF8'), E'\\n[0-9]+\\n', E'\\n599\\n'), 'UTF8')",
    1,
    "BAD_SIGNATURE",
  ],
  ["a checkpoint signed by another key", "FORGED", 1, "BAD_SIGNATURE"],
];

/** The newest checkpoint, right in everything but who signed it. */
async function signedByAStranger({ pool, logKey }: AuditBed): Promise<string> {
  const { rows } = await pool.query<{ size: string; root: Buffer }>("SELECT size, root FROM audit.tree");
  const origin = parseSigner(logKey).verifier.name;
  const tree = { origin, size: Number(rows[0]?.size), root: rows[0]?.root ?? Buffer.of() };
  const note = signCheckpoint(tree, [signerOf(origin, 1, Buffer.alloc(32, 9))]);
  return `UPDATE audit.checkpoint SET note = '\\x${note.toString("hex")}' WHERE size = ${tree.size}`;
}

/** Everything from entry `from` on written anew, hashed, and signed with the log's own key: right in itself. */
async function rewritten({ pool, logKey }: AuditBed, from: number): Promise<string> {
  const { rows } = await pool.query<{ event: Buffer }>("SELECT event FROM audit.entry ORDER BY log_index");
  const events = rows.map(({ event }, i) => (i < from ? event : Buffer.from(event.toString("utf8").replace("100.50", "900.50"))));
  const { size, root, tiles } = TreeBuilder.empty().append(events.map(leafHash));
  const signer = parseSigner(logKey);
  const note = signCheckpoint({ origin: signer.verifier.name, size, root }, [signer]);
  const hex = (bytes: Uint8Array) => `'\\x${Buffer.from(bytes).toString("hex")}'::bytea`;
  return [
    ...events.slice(from).map((event, i) => `UPDATE audit.entry SET event = ${hex(event)}, leaf_hash = ${hex(leafHash(event))} WHERE log_index = ${from + i}`), // biome-ignore format: a statement
    ...tiles.map(({ level, index, hashes }) => `UPDATE audit.tile SET hashes = ${hex(hashes)} WHERE level = ${level} AND index = ${index}`),
    `UPDATE audit.tree SET root = ${hex(root)}, note = ${hex(note)}`,
    `UPDATE audit.checkpoint SET note = ${hex(note)} WHERE size = ${size}`,
  ].join("; ");
}

const named = (rows: readonly Row[]) => rows.map(([what, sql, exit, kind, index]) => ({ what, sql, exit, kind, index }));

describe("a running log whose database somebody changed", { timeout: 180_000 }, () => {
  let bed: AuditBed;
  let http: ReturnType<typeof openAuditHttp> | undefined;
  let folder: string;
  let base: string;
  let key: string;
  const at = (name: string) => join(folder, name);
  const verify = async (...args: readonly string[]) => {
    let said = "";
    const say = (text: string) => {
      said += text;
    };
    const exit = await run([...args, "--key", key, "--state", at("state"), "--json"], { out: say, err: say, interactive: false });
    const report = said.startsWith("{") ? JSON.parse(said) : { findings: [{ kind: said }] };
    return { exit, kind: report.findings[0]?.kind, index: report.findings[0]?.index, evidence: report.evidence?.length };
  };
  const mirror = () => verify(`${base}/v1/audit/log/`, "--token-file", at("token"));
  /** Does `sql` past every trigger, runs `check`, and puts everything back as it was. */
  const tampered = async <T>(sql: string, check: () => Promise<T>): Promise<T> => {
    const tables = ["entry", "tile", "tree", "cosignature", "checkpoint"];
    await bed.pool.query(
      tables.map((name) => `DROP TABLE IF EXISTS kept_${name}; CREATE TABLE kept_${name} AS TABLE audit.${name}`).join(";"),
    );
    await bed.pool.query(`SET session_replication_role = replica; ${sql}; SET session_replication_role = origin`);
    try {
      return await check();
    } finally {
      const back = tables.map((name) => `DELETE FROM audit.${name}; INSERT INTO audit.${name} SELECT * FROM kept_${name}`).join(";");
      await bed.pool.query(`SET session_replication_role = replica; ${back}; SET session_replication_role = origin`);
    }
  };

  beforeAll(async () => {
    bed = await auditBed();
    folder = await mkdtemp(join(tmpdir(), "interlock-database-"));
    await writeFile(at("token"), TOKEN);
    key = parseSigner(bed.logKey).verifier.text;
    const entries = new EntryRepository(bed.pool);
    const first = await bed.start();
    const publish = async (from: number, to: number) => {
      const records = madeEvents(to)
        .slice(from)
        .map((value) => ({ key: "k", value, headers: {} }));
      await bed.log.publish("session.lifecycle.v1", records);
      await vi.waitFor(async () => expect(Number(await entries.settled())).toBeGreaterThanOrEqual(to), WAIT);
    };
    await publish(0, 300);
    await publish(300, COUNT);
    await vi.waitFor(async () => expect((await bed.published()).length).toBeGreaterThanOrEqual(COUNT), WAIT);
    await first.stop();
    // The service's interface alone: nothing writes beside it, so that what is changed underneath is all that changes.
    const auditors = AuditorList.parse(JSON.stringify([{ name: "examiner", tokenHash: hash("sha256", TOKEN), accounts: "*" }]));
    const proving = new Proving(new PostgresLogStorage(bed.pool, entries));
    const parts = { reading: new Reading(entries), proving, checkpoints: new CheckpointRepository(bed.pool), auditors, logKeys: [key] };
    http = openAuditHttp({ ...parts, access: { note: () => undefined }, stopping: new AbortController().signal });
    base = await http.listen({ host: "127.0.0.1", port: 0 });
    expect((await mirror()).exit).toBe(3);
    expect((await mirror()).exit).toBe(0);
  }, 300_000);
  afterAll(async () => {
    await http?.close();
    await bed.close();
    await rm(folder, { recursive: true, force: true });
  });

  it.each(named(DATABASE))("is found out: $what", async ({ sql, exit, kind, index }) => {
    const report = await tampered(sql === "FORGED" ? await signedByAStranger(bed) : sql, mirror);
    expect(report).toMatchObject({ exit, kind, ...(index === undefined ? {} : { index }), ...(exit === 4 ? { evidence: 2 } : {}) });
  });

  it("is found out by its kept state when its own key signed the rewrite: exit 4, both notes", async () => {
    expect(await tampered(await rewritten(bed, 100), mirror)).toMatchObject({ exit: 4, kind: "SPLIT_VIEW", evidence: 2 });
    expect((await mirror()).exit).toBe(0);
  });

  describe("or whose topic", () => {
    const dump = async () => {
      const records = await bed.published();
      await writeFile(at("dump"), records.map(({ headers, value }) => `logindex=${headers.logindex}\t${value}\n`).join(""));
      const { note } = (await bed.pool.query("SELECT note FROM audit.checkpoint ORDER BY size DESC LIMIT 1")).rows[0];
      await writeFile(at("checkpoint"), note);
      return verify(at("dump"), "--checkpoint", at("checkpoint"));
    };
    const on = `topic = 'audit.v1' AND headers->>'logindex' =`;
    it.each([
      [
        "a record's value edited",
        `UPDATE eventlog.record SET value = convert_to(replace(convert_from(value, 'UTF8'), '100.50', '9'), 'UTF8') WHERE ${on} '100'`,
        "MODIFIED",
        100,
      ],
      [
        "a record replaced by another",
        `UPDATE eventlog.record r SET value = o.value FROM eventlog.record o WHERE r.topic = 'audit.v1' AND o.topic = 'audit.v1' AND r.headers->>'logindex' = '50' AND o.headers->>'logindex' = '51'`,
        "MODIFIED",
        undefined, // A dump has no list of hashes: where copies stand is known, not which is the copy.
      ],
      ["a record deleted", `DELETE FROM eventlog.record WHERE ${on} '200'`, "MISSING", 200],
      [
        "two records under each other's number",
        `UPDATE eventlog.record r SET value = o.value FROM eventlog.record o WHERE r.topic = 'audit.v1' AND o.topic = 'audit.v1' AND (r.headers->>'logindex', o.headers->>'logindex') IN (('60', '61'), ('61', '60'))`,
        "MODIFIED",
        undefined,
      ],
      [
        "the newest records deleted",
        `DELETE FROM eventlog.record WHERE topic = 'audit.v1' AND (headers->>'logindex')::int >= ${COUNT - 3}`,
        "TRUNCATED",
        COUNT - 3,
      ],
    ] as const)("is found out: %s", async (_, sql, kind, index) => {
      await bed.pool.query("DROP TABLE IF EXISTS kept_record; CREATE TABLE kept_record AS TABLE eventlog.record");
      expect((await dump()).exit).toBe(0);
      await bed.pool.query(sql);
      try {
        expect(await dump()).toMatchObject({ exit: 1, kind, ...(index === undefined ? {} : { index }) });
      } finally {
        await bed.pool.query("DELETE FROM eventlog.record; INSERT INTO eventlog.record SELECT * FROM kept_record");
      }
    });
  });
});
