import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parseSigner } from "#platform/transparency-log/note-key.js";
import { freePort } from "../../../deploy/local/free-port.js";
import { EntryRepository } from "../../../services/audit/src/adapters/entry-repository.js";
import { ACCOUNTS, madeEvents, witnessSigner } from "../../../test/support/audit/made-log.js";
import { type AuditBed, auditBed } from "../../../test/support/audit-bed.js";
import { CheckpointFiles } from "../../witness/src/adapters/checkpoint-files.js";
import { Witness } from "../../witness/src/witness.js";
import { witnessServer } from "../../witness/src/witness-server.js";
import { run } from "./run.js";

const COUNT = 700;
const TOKEN = "a-token";

describe("a running log", () => {
  let bed: AuditBed;
  let folder: string;
  let base: string;
  let witness: Server;
  let said = "";
  const call = (...args: readonly string[]) => {
    said = "";
    const say = (text: string) => {
      said += text;
    };
    return run(args, { out: say, err: say, interactive: false });
  };
  const at = (name: string) => join(folder, name);

  beforeAll(async () => {
    bed = await auditBed();
    folder = await mkdtemp(join(tmpdir(), "interlock-live-"));
    const logKey = parseSigner(bed.logKey).verifier;
    const files = new CheckpointFiles(at("witness-state"));
    const now = () => BigInt(Math.floor(Date.now() / 1000));
    const cosigner = new Witness({ files, logs: [logKey], signer: witnessSigner, now });
    witness = witnessServer(cosigner, witnessSigner.verifier.text, (error) => expect.fail(String(error)));
    const witnessPort = await freePort();
    await new Promise<void>((resolve) => witness.listen(witnessPort, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${witnessPort}/`;
    const policy = `log ${logKey.text}\nwitness w ${witnessSigner.verifier.text} ${url}\nquorum w\n`;
    await writeFile(at("policy"), policy);
    await writeFile(at("token"), `${TOKEN}\n`);
    const port = await freePort();
    base = `http://127.0.0.1:${port}`;
    const tokenHash = (text: string) => createHash("sha256").update(text).digest("hex");
    const auditors = [
      { name: "examiner", tokenHash: tokenHash(TOKEN), accounts: "*" },
      { name: "scoped", tokenHash: tokenHash("scoped"), accounts: [ACCOUNTS[0]] },
    ];
    await bed.start({ AUDIT_LISTEN: `127.0.0.1:${port}`, AUDITORS: JSON.stringify(auditors), WITNESS_POLICY: policy });
    const records = madeEvents(COUNT).map((value) => ({ key: "k", value, headers: {} }));
    await bed.log.publish("session.lifecycle.v1", records);
    const entries = new EntryRepository(bed.pool);
    await vi.waitFor(async () => expect(await entries.settled()).toBeGreaterThanOrEqual(BigInt(COUNT)), { timeout: 40_000, interval: 200 });
    const cosigned = async () => (await fetch(`${base}/v1/audit/log/checkpoint`, { headers: { authorization: `Bearer ${TOKEN}` } })).text();
    await vi.waitFor(async () => expect(await cosigned()).toContain(witnessSigner.verifier.name), { timeout: 40_000, interval: 200 });
  });
  afterAll(async () => {
    await bed.close();
    witness.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("is fetched as an export that verifies by its witness, its keys taken from the policy", async () => {
    expect(await call("fetch", base, "--out", at("export"), "--token-file", at("token")), said).toBe(0);
    expect(await call(at("export"), "--policy", at("policy"), "--state", at("state")), said).toBe(0);
    expect(said).toContain("VERIFIED");
    expect(said).toContain("cosigned by w");
  });

  it("is verified as a mirror over HTTP, against the state kept from last time", async () => {
    expect(
      await call(`${base}/v1/audit/log/`, "--policy", at("policy"), "--state", at("state"), "--token-file", at("token"), "--json"),
      said,
    ).toBe(0);
    expect(JSON.parse(said)).toMatchObject({ verdict: "verified", views: [{ kind: "state" }, { kind: "witnesses" }] });
  });

  it("is fetched in part and in scope, and still verifies", async () => {
    await writeFile(at("scoped-token"), "scoped");
    expect(
      await call("fetch", base, "--out", at("part"), "--token-file", at("scoped-token"), "--begin", "100", "--end", "600", "--since", "50"),
      said,
    ).toBe(0);
    expect(await call(at("part"), "--policy", at("policy"), "--json"), said).toBe(0);
    expect(JSON.parse(said)).toMatchObject({ begin: 100, end: 600, exit: 0 });
    expect(JSON.parse(said).withheld).toBeGreaterThan(200);
  });
});
