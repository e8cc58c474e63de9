import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cosignatures, parseCheckpoint } from "#platform/transparency-log/checkpoint.js";
import { signerOf } from "#platform/transparency-log/note-key.js";
import { proveConsistency } from "#platform/transparency-log/prove.js";
import { parseNote } from "#platform/transparency-log/signed-note.js";
import { logSigner, MadeLog, madeEvents, witnessSigner } from "../../../test/support/audit/made-log.js";
import { CheckpointFiles } from "./adapters/checkpoint-files.js";
import { Witness } from "./witness.js";

const log = new MadeLog(madeEvents(100));
const fork = new MadeLog(madeEvents(120, "fork"));
const request = async (from: MadeLog, old: number, size: number, note = from.checkpoint([logSigner], size)) => {
  const proof = old === 0 || old > size ? [] : await proveConsistency(from.node, old, size);
  return Buffer.from([`old ${old}`, ...proof.map((hash) => hash.toString("base64")), "", note.toString()].join("\n"));
};

describe("a witness", () => {
  let folder: string;
  let witness: Witness;
  const open = () =>
    new Witness({ files: new CheckpointFiles(folder), logs: [logSigner.verifier], signer: witnessSigner, now: () => 1_700_000_000n });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "interlock-witness-"));
    witness = open();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("cosigns a log's first checkpoint and every one that contains it", async () => {
    const note = log.checkpoint([logSigner], 60);
    const { status, body } = await witness.add(await request(log, 0, 60));
    expect(status).toBe(200);
    const text = parseNote(note).text;
    const [signature] = parseNote(Buffer.concat([text, Buffer.from(`\n${body}`)])).signatures;
    expect(witnessSigner.verifier.verify(text, signature?.bytes ?? Buffer.of())).toBe(true);
    expect((await witness.add(await request(log, 60, 100))).status).toBe(200);
    expect((await witness.add(await request(log, 100, 100))).status).toBe(200);
  });

  it("says which size it knows when the log starts from another one, also after a restart", async () => {
    await witness.add(await request(log, 0, 60));
    for (const one of [witness, open()]) {
      const answer = await one.add(await request(log, 40, 100));
      expect(answer).toEqual({ status: 409, contentType: "text/x.tlog.size", body: "60\n" });
    }
    expect((await open().add(await request(log, 0, 30))).status).toBe(409);
  });

  it("hands out what it holds, cosigned, also after a restart, and nothing of a log it does not know", async () => {
    expect(witness.held("example.org/audit").status).toBe(404);
    await witness.add(await request(log, 0, 60));
    for (const one of [witness, open()]) {
      const { status, body } = one.held("example.org/audit");
      expect(status).toBe(200);
      const note = parseCheckpoint(Buffer.from(body));
      expect(note).toMatchObject({ size: 60, root: log.rootAt(60) });
      expect(cosignatures(note, [witnessSigner.verifier])).toHaveLength(1);
    }
    expect(witness.held("example.org/other").status).toBe(404);
  });

  it("never cosigns a second history, and keeps the other checkpoint of the same size as evidence", async () => {
    await witness.add(await request(log, 0, 100));
    expect((await witness.add(await request(fork, 100, 120))).status).toBe(422);
    const sameSize = await witness.add(await request(fork, 100, 100));
    expect(sameSize.status).toBe(409);
    expect(readdirSync(folder).some((name) => name.includes("contradicted-by"))).toBe(true);
    expect((await witness.add(await request(log, 100, 100))).status).toBe(200);
  });

  it("lets only one of two histories through that come at the same moment", async () => {
    const answers = await Promise.all([witness.add(await request(log, 0, 100)), witness.add(await request(fork, 0, 120))]);
    expect(answers.map(({ status }) => status)).toEqual([200, 409]);
  });

  it("does not answer when it could not keep what it would cosign", async () => {
    const files = new CheckpointFiles(folder);
    const broken = {
      latest: files.latest.bind(files),
      keepEvidence: files.keepEvidence.bind(files),
      keep: () => Promise.reject(new Error("disk full")),
    };
    const failing = new Witness({ files: broken, logs: [logSigner.verifier], signer: witnessSigner, now: () => 1n });
    await expect(failing.add(await request(log, 0, 60))).rejects.toThrow("disk full");
    expect((await open().add(await request(fork, 0, 120))).status).toBe(200);
  });

  it.each([
    [
      "another log",
      async () => request(log, 0, 60, Buffer.from(log.checkpoint().toString().replace("example.org/audit\n", "example.org/x\n"))),
      404,
    ],
    [
      "a stranger's signature",
      async () => request(log, 0, 60, log.checkpoint([signerOf("example.org/audit", 1, Buffer.alloc(32, 5))], 60)),
      403,
    ],
    ["an old size above the new one", async () => request(log, 80, 60), 400],
    ["no request at all", async () => Buffer.from("hello"), 400],
    [
      "a proof from nothing",
      async () => Buffer.from((await request(log, 0, 60)).toString().replace("old 0\n", `old 0\n${Buffer.alloc(32).toString("base64")}\n`)),
      422,
    ],
  ])("refuses %s", async (_, make, status) => {
    expect((await witness.add(await make())).status).toBe(status);
  });
});
