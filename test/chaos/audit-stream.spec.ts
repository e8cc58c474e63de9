import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../clients/audit-verify/src/run.js";
import { freePort } from "../../deploy/local/free-port.js";
import { type MortalKafka, startKafkaJars } from "../../deploy/local/kafka/jars.js";
import { jarsCanRun, NO_KAFKA } from "../../deploy/local/kafka.js";
import { type LocalPostgres, startPostgres } from "../../deploy/local/postgres.js";
import { migrate } from "../../services/platform/src/database/migrate.js";
import { eventStoreMigrations } from "../../services/platform/src/event-store/migrations.js";
import { parseSigner } from "../../services/platform/src/transparency-log/note-key.js";
import { audited, sseLines, topicLines } from "../support/audit/audited-lines.js";
import { type AuditBed, auditBed } from "../support/audit-bed.js";
import { SCHEMA } from "../support/event-data.js";
import { skipLoudly } from "../support/skip-loudly.js";
import { startWorker } from "../support/start-worker.js";

const TOTAL = Number(process.env.AUDIT_STREAM_EVENTS ?? 1_000);
const SESSIONS = 40;
const EACH = Math.ceil(TOTAL / SESSIONS);
/** How long the producer would take undisturbed, in milliseconds. */
const RUN_MS = TOTAL > 1_000 ? 60_000 : 15_000;
const TOKEN = "an-auditor";
const SOURCE = `urn:interlock:${SCHEMA}`;
const WAIT = { timeout: 90_000, interval: 100 };

const hashOf = (lines: readonly Buffer[]) => {
  const hash = createHash("sha256");
  for (const line of lines) hash.update(line).update("\n");
  return hash.digest("hex");
};

function suite(): void {
  let broker: MortalKafka;
  let postgres: LocalPostgres;
  let bed: AuditBed;
  let folder: string;
  let base: string;
  let size: number;
  const at = (name: string) => join(folder, name);
  const kafka = () => new Kafka({ clientId: "outsider", brokers: [...broker.brokers], logLevel: logLevel.NOTHING });
  const count = async (text: string) => Number((await bed.pool.query<{ n: string }>(text)).rows[0]?.n ?? 0);
  const appended = () => count(`SELECT count(*) AS n FROM ${SCHEMA}.event`);
  const logged = () =>
    count(`SELECT count(*) AS n FROM audit.entry WHERE source = '${SOURCE}' AND log_index < (SELECT max(size) FROM audit.checkpoint)`);

  beforeAll(async () => {
    broker = await startKafkaJars();
    postgres = await startPostgres();
    bed = await auditBed({ url: postgres.url(), drop: () => Promise.resolve() });
    folder = mkdtempSync(join(tmpdir(), "interlock-stream-"));
    writeFileSync(at("token"), TOKEN);
    await migrate({ url: bed.url, schema: SCHEMA, migrations: eventStoreMigrations(SCHEMA) });
    const port = await freePort();
    base = `http://127.0.0.1:${port}`;
    const tokenHash = createHash("sha256").update(TOKEN).digest("hex");
    const auditors = JSON.stringify([{ name: "examiner", tokenHash, accounts: "*" }]);
    const log = { EVENT_LOG: "kafka", KAFKA_BROKERS: broker.brokers.join(",") };
    await bed.start({ ...log, AUDIT_LISTEN: `127.0.0.1:${port}`, AUDITORS: auditors });
  }, 300_000);
  afterAll(async () => {
    await bed?.close();
    await broker?.stop();
    await postgres?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const producer = () => {
    const order = { url: bed.url, brokers: broker.brokers, sessions: SESSIONS, each: EACH, paceMs: Math.ceil(RUN_MS / EACH) };
    return startWorker("stream-producer", { STREAM_PRODUCER: JSON.stringify(order) });
  };
  const killed = async (worker: ReturnType<typeof producer>) => {
    const ended = once(worker, "exit");
    worker.kill("SIGKILL");
    await ended;
  };
  /** The reference consumer until it has `lines` lines or has ended. */
  const consume = async (name: string, http: string, lines: number) => {
    const args = ["--brokers", broker.brokers.join(","), "--http", http, "--token-file", at("token"), "--out", at(name), "--group", name];
    const child = spawn(process.execPath, [resolve("dist/clients/reference-consumers/typescript/consume.js"), ...args]);
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const has = () => readFileSync(at(name)).filter((byte) => byte === 0x0a).length;
    const done = () => child.exitCode !== null || has() >= lines;
    writeFileSync(at(name), "");
    await expect.poll(done, { timeout: 60_000 }).toBe(true);
    const exit = child.exitCode;
    child.kill("SIGKILL");
    return { said, exit, content: readFileSync(at(name)) };
  };

  it(`carries ${SESSIONS * EACH} events while broker and producer are killed: each once, gapless, in order`, {
    timeout: 1_800_000,
  }, async () => {
    let worker = producer();
    let [kills, brokerKills] = [0, 0];
    let back: Promise<void> | undefined;
    for (let before = 0; before < SESSIONS * EACH; before = await appended()) {
      // A kill each tenth of the way, whatever the machine's pace; the broker comes back while the producer goes on.
      const enough = Math.min(before + (SESSIONS * EACH) / 10, SESSIONS * EACH);
      await expect.poll(appended, WAIT).toBeGreaterThanOrEqual(enough);
      await killed(worker);
      kills += 1;
      if (back === undefined) {
        await broker.kill();
        brokerKills += 1;
        back = broker.start().then(() => {
          back = undefined;
        });
      }
      worker = producer();
    }
    await back;
    await expect.poll(logged, WAIT).toBe(SESSIONS * EACH);
    await killed(worker);
    expect(kills).toBeGreaterThanOrEqual(5);
    expect(brokerKills).toBeGreaterThanOrEqual(1);
    size = await count("SELECT max(size) AS n FROM audit.checkpoint");
    const events = (await topicLines(broker.brokers, size)).map(audited);
    const ours = events.filter(({ source }) => source === SOURCE);
    const { rows } = await bed.pool.query<{ id: string }>(`SELECT id FROM ${SCHEMA}.event`);
    expect(ours.map(({ id }) => id).sort()).toEqual(rows.map(({ id }) => id).sort());
    expect(ours.map(({ sequence }) => sequence)).toEqual(ours.map((_, i) => i + 1));
    for (let n = 0; n < SESSIONS; n++) {
      const versions = ours.filter(({ stream }) => stream === `session-${n}`).map(({ version }) => version);
      expect(versions).toEqual(Array.from({ length: EACH }, (_, i) => i + 1));
    }
  });

  it("gives the same bytes by Kafka, server-sent events, NDJSON and export", { timeout: 120_000 }, async () => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const ndjson = await (await fetch(`${base}/v1/audit/events?to=${size}`, { headers })).text();
    const io = { out: () => undefined, err: () => undefined, interactive: false };
    const fetched = ["fetch", base, "--out", at("export"), "--token-file", at("token"), "--end", String(size), "--plain"];
    expect(await run(fetched, io)).toBe(0);
    const lines = (text: string) =>
      text
        .trimEnd()
        .split("\n")
        .map((line) => Buffer.from(line));
    const hashes = {
      kafka: hashOf(await topicLines(broker.brokers, size)),
      sse: hashOf(await sseLines(`${base}/v1/audit/events`, TOKEN, size)),
      ndjson: hashOf(lines(ndjson)),
      export: hashOf(lines(readFileSync(join(at("export"), "events.ndjson"), "utf8"))),
    };
    expect(new Set(Object.values(hashes)).size, JSON.stringify(hashes)).toBe(1);
    expect(await run([at("export"), "--key", parseSigner(bed.logKey).verifier.text], io)).toBe(3);
  });

  it("is read by kcat, and what kcat wrote is verified", { timeout: 60_000 }, async (context) => {
    const args = ["-b", broker.brokers.join(","), "-C", "-t", "audit.v1", "-e", "-q", "-f", "%h\\t%s\\n"];
    const dump = await promisify(execFile)("kcat", args, { maxBuffer: 1 << 28 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT" || process.env.REQUIRE_KCAT === "1") throw error;
      return undefined;
    });
    if (dump === undefined) return context.skip("no kcat: apt-get install kcat (REQUIRE_KCAT=1 makes this a failure)");
    writeFileSync(at("dump"), dump.stdout);
    const headers = { authorization: `Bearer ${TOKEN}` };
    writeFileSync(at("checkpoint"), await (await fetch(`${base}/v1/audit/log/checkpoint`, { headers })).text());
    let said = "";
    const say = (text: string) => (said += text);
    const verify = [at("dump"), "--checkpoint", at("checkpoint"), "--key", parseSigner(bed.logKey).verifier.text];
    expect(await run(verify, { out: say, err: say, interactive: false }), said).toBe(3);
  });

  describe("once retention has deleted what a consumer had not read", () => {
    const first = Math.floor((SESSIONS * EACH) / 2);
    beforeAll(async () => {
      const admin = kafka().admin();
      await admin.connect();
      // Records may stand there twice after a kill; the index in the header is what counts.
      // kafkajs deletes only of topics it has asked about before.
      await admin.fetchTopicOffsets("audit.v1");
      await admin.deleteTopicRecords({ topic: "audit.v1", partitions: [{ partition: 0, offset: String(first) }] });
      await admin.disconnect();
    });

    it("the consumer stops with what it expected and what there is, and takes nothing behind the gap", { timeout: 90_000 }, async () => {
      const { said, exit, content } = await consume("stops", `http://127.0.0.1:${await freePort()}`, size);
      expect(said).toMatch(/GAP expected=0 first=[0-9]+/);
      expect([exit, content.length]).toEqual([1, 0]);
    });

    it("the consumer repairs itself over HTTP and has the same bytes", { timeout: 90_000 }, async () => {
      const { said, content } = await consume("repairs", base, size);
      expect(said).toMatch(/GAP expected=0 first=([0-9]+)\n(.*\n)*REPAIRED next=\1/);
      const headers = { authorization: `Bearer ${TOKEN}` };
      const whole = Buffer.from(await (await fetch(`${base}/v1/audit/events?to=${size}`, { headers })).arrayBuffer());
      expect(content.subarray(0, whole.length).equals(whole)).toBe(true);
    });
  });
}

if (await jarsCanRun()) describe("the audit stream over Kafka", suite);
else skipLoudly("kafka", "carries the audit stream while broker and producer are killed", NO_KAFKA);
