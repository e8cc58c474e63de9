import "reflect-metadata";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK, generateKeyPair } from "jose";
import pg from "pg";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { createSiweMessage } from "viem/siwe";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { PostgresEventLog } from "#platform/event-log/postgres/postgres-event-log.js";
import { EventStore } from "#platform/event-store/event-store.js";
import { systemClock } from "#platform/kernel/clock.js";
import { uuidV7Factory } from "#platform/kernel/ids.js";
import { systemRandom } from "#platform/kernel/random.js";
import { AuditMarks } from "#platform/personal-data/audit-marks.js";
import { parseSigner } from "#platform/transparency-log/note-key.js";
import { run } from "../../../clients/audit-verify/src/run.js";
import { type LocalChain, startChain } from "../../../deploy/local/anvil.js";
import { freePort } from "../../../deploy/local/free-port.js";
import { type AuditBed, auditBed } from "../../../test/support/audit-bed.js";
import { AUDIT_SALT, type AuthWorld, authWorld, ORIGIN } from "../../../test/support/auth-world.js";
import { PgAgentStore } from "./adapters/postgres/pg-agent-store.js";
import { PgSubjectKeys } from "./adapters/postgres/pg-subject-keys.js";
import { PersonalData } from "./application/personal-data.js";
import { Recorder } from "./application/recorder.js";
import { readSealed } from "./domain/sealed-data.js";
import { AUTH_SCHEMA } from "./migrations.js";

const ADDRESS = `0x${"ab".repeat(20)}`;
const LABEL = "Ada Lovelace 1815";
const TOKEN = "an-auditor";
/** Another test's open transaction on the same server holds the order of events back; the server ends it after 30 s. */
const PATIENCE = { timeout: 40_000, interval: 100 };
const wallet = privateKeyToAccount(generatePrivateKey());
const owner = { sub: wallet.address.toLowerCase(), kind: "owner" as const, accounts: [`31337:${ADDRESS}`] };

describe("personal data in the audit log", () => {
  let chain: LocalChain;
  let world: AuthWorld;
  let pool: pg.Pool;
  let bed: AuditBed;
  let folder: string;
  let base: string;

  const register = async () => {
    const { publicKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
    const agent = { sessionId: "01900000-0000-7000-8000-000000000001", account: ADDRESS, chainId: "31337", label: LABEL };
    return world.auth.registerAgent({ ...agent, publicJwk: JSON.stringify(await exportJWK(publicKey)) }, { act: owner });
  };
  const erase = () => world.auth.erasePersonalData({ chainId: "31337" }, { act: owner });
  const events = async (type: string): Promise<readonly string[]> => {
    const text =
      "SELECT convert_from(bytes, 'UTF8') AS event FROM auth.log_entry WHERE convert_from(bytes, 'UTF8') LIKE $1 ORDER BY position";
    return (await pool.query<{ event: string }>(text, [`%"type":"${type}"%`])).rows.map(({ event }) => event);
  };
  const published = (type: string, count: number) => vi.waitFor(async () => expect(await events(type)).toHaveLength(count), PATIENCE);
  const opened = (event: string) => {
    const keys = new PgSubjectKeys(pool, Buffer.alloc(32, 7), systemRandom);
    const ids = uuidV7Factory(systemClock);
    const recorder = new Recorder(new EventStore(pool, { schema: AUTH_SCHEMA, clock: systemClock, ids }), ids);
    const parts = { keys, secret: Buffer.alloc(32, 7), agents: new PgAgentStore(pool), recorder, random: systemRandom };
    const { type, pii } = readSealed(event);
    return new PersonalData(parts).open(type, pii);
  };

  /** Everything auth has published so far is sequenced, exported and verified; returns the exit code. */
  const verified = async (name: string): Promise<number> => {
    const log = new PostgresEventLog({ pool, random: systemRandom });
    const ordered = (await pool.query<{ n: number }>("SELECT count(*)::int AS n FROM auth.log_entry")).rows[0]?.n ?? 0;
    // An event has its place in the order a moment before it is published.
    const allPublished = async () => {
      const ends = await log.ends("session.lifecycle.v1");
      expect(ends.reduce((sum, end) => sum + Number(end), 0)).toBe(ordered);
      return ends;
    };
    for (const [partition, end] of (await vi.waitFor(allPublished, PATIENCE)).entries()) {
      const records = await log.read({ topic: "session.lifecycle.v1", partition, fromOffset: 0n, limit: Number(end) });
      await bed.log.publish("session.lifecycle.v1", records);
    }
    await log.close();
    const settled = `SELECT count(*)::int AS n FROM audit.entry WHERE source = 'urn:interlock:auth'
      AND log_index < (SELECT max(size) FROM audit.checkpoint)`;
    const there = async () => expect((await bed.pool.query<{ n: number }>(settled)).rows[0]?.n).toBe(ordered);
    await vi.waitFor(there, PATIENCE);
    const out = join(folder, name);
    const io = { out: () => undefined, err: () => undefined, interactive: false };
    expect(await run(["fetch", base, "--out", out, "--token-file", join(folder, "token")], io)).toBe(0);
    return run([out, "--key", parseSigner(bed.logKey).verifier.text, "--state", join(folder, "state")], io);
  };

  beforeAll(async () => {
    chain = await startChain();
    world = await authWorld(chain.url);
    pool = new pg.Pool({ connectionString: world.databaseUrl });
    // Dropping the database ends connections that are still closing.
    pool.on("error", () => undefined);
    bed = await auditBed();
    folder = await mkdtemp(join(tmpdir(), "interlock-erasure-"));
    await writeFile(join(folder, "token"), TOKEN);
    const port = await freePort();
    base = `http://127.0.0.1:${port}`;
    const tokenHash = createHash("sha256").update(TOKEN).digest("hex");
    const auditors = JSON.stringify([{ name: "examiner", tokenHash, accounts: "*" }]);
    await bed.start({ AUDIT_LISTEN: `127.0.0.1:${port}`, AUDITORS: auditors });
  });
  afterAll(async () => {
    await pool.end();
    await world.stop();
    await chain.stop();
    await bed.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("is sealed: no event says what an owner calls an agent, and its key opens it", async () => {
    await register();
    await published("agent.registered.v1", 1);
    const [event = ""] = await events("agent.registered.v1");
    for (const spelled of [LABEL, Buffer.from(LABEL).toString("hex"), Buffer.from(LABEL).toString("base64")]) {
      expect(event).not.toContain(spelled);
    }
    expect(await opened(event)).toEqual({ label: LABEL });
  });

  it("says nothing any more once it is erased, while the log still verifies, and the erasure is on the log", async () => {
    expect(await verified("before")).toBe(3);
    const before = await events("agent.registered.v1");
    expect(await erase()).toEqual({ keysDestroyed: 1 });
    await published("audit.subject_erased.v1", 1);
    expect(await events("agent.registered.v1")).toEqual(before);
    await expect(opened(before[0] ?? "")).rejects.toMatchObject({ code: "NOT_FOUND" });
    const [told = ""] = await events("audit.subject_erased.v1");
    expect(JSON.parse(told).data).toMatchObject({ subjectRef: readSealed(before[0] ?? "").pii.subjectRef, keyVersion: "1" });
    const left = await pool.query(
      "SELECT 1 FROM auth.subject_key WHERE wrapped IS NOT NULL UNION SELECT 1 FROM auth.agent WHERE label = $1",
      [LABEL],
    );
    expect(left.rows).toEqual([]);
    // 0: the state kept from before is an independent view, and the new log continues it.
    expect(await verified("after")).toBe(0);
  });

  it("is erased once, and what comes later is sealed under a key of its own", async () => {
    expect(await erase()).toEqual({ keysDestroyed: 0 });
    await register();
    await published("agent.registered.v1", 2);
    const later = (await events("agent.registered.v1"))[1] ?? "";
    expect(readSealed(later).pii.keyVersion).toBe(2);
    expect(await opened(later)).toEqual({ label: LABEL });
  });

  it("names nonce and token of a sign-in by marks that who holds them can look up", async () => {
    const { nonce } = await world.auth.createNonce({}, { act: null });
    const issuedAt = new Date();
    const message = createSiweMessage({
      address: wallet.address,
      chainId: 31337,
      domain: new URL(ORIGIN).host,
      uri: ORIGIN,
      version: "1",
      nonce,
      issuedAt,
      expirationTime: new Date(issuedAt.getTime() + 300_000),
    });
    const signature = await wallet.signMessage({ message });
    const { tokens } = await world.auth.verifyLogin({ message, signature, owner: "", mode: "token" }, { act: null });
    const token = tokens?.refreshToken ?? "";
    await published("login.completed.v1", 1);
    const [event = ""] = await events("login.completed.v1");
    const nonceMark = await world.auth.markOf({ kind: "nonce", value: nonce }, { act: owner });
    const tokenMark = await world.auth.markOf({ kind: "token", value: token }, { act: owner });
    expect(JSON.parse(event).data).toMatchObject({ nonceMark: nonceMark.mark, tokenMark: tokenMark.mark });
    expect(nonceMark.mark).toBe(new AuditMarks(AUDIT_SALT).mark("nonce", nonce));
    for (const secret of [nonce, token, signature]) expect(event).not.toContain(secret);
    await expect(world.auth.markOf({ kind: "key", value: nonce }, { act: owner })).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });
});
