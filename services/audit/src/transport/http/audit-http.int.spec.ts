import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { LogRecord } from "#platform/event-log/event-log.js";
import { openCheckpoint } from "#platform/transparency-log/checkpoint.js";
import { CompactRange } from "#platform/transparency-log/compact-range.js";
import { decodeBundle } from "#platform/transparency-log/entry-bundle.js";
import { leafHash } from "#platform/transparency-log/hash.js";
import { parseSigner } from "#platform/transparency-log/note-key.js";
import { rootOfRange, verifyConsistency, verifyInclusion } from "#platform/transparency-log/verify.js";
import { freePort } from "../../../../../deploy/local/free-port.js";
import { type AuditBed, auditBed } from "../../../../../test/support/audit-bed.js";
import { EntryRepository } from "../../adapters/entry-repository.js";

const ALICE = "31337:0xaa00000000000000000000000000000000000000";
const BOB = "31337:0xbb00000000000000000000000000000000000000";
const COUNT = 600;
const WAIT = { timeout: 30_000 };

const event = (sequence: number): LogRecord => {
  const key = sequence % 3 === 0 ? BOB : ALICE;
  const attributes = {
    specversion: "1.0",
    id: `event-${sequence}`,
    source: "urn:interlock:test",
    type: "session.armed.v1",
    sequence: String(sequence).padStart(20, "0"),
    partitionkey: key,
    data: { account: key, text: "ü" },
  };
  return { key, value: Buffer.from(JSON.stringify(attributes)), headers: {} };
};
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

describe("the HTTP interface for auditors", () => {
  let bed: AuditBed;
  let base: string;
  let size: number;
  let root: Buffer;
  const ask = (path: string, headers: Record<string, string> = {}, token = "whole") =>
    fetch(`${base}${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } });
  const hashes = (value: unknown) => (Array.isArray(value) ? value.map((text) => Buffer.from(String(text), "base64")) : []);
  const bytesOf = async (path: string, token = "whole") => Buffer.from(await (await ask(path, {}, token)).arrayBuffer());

  beforeAll(async () => {
    bed = await auditBed();
    const port = await freePort();
    base = `http://127.0.0.1:${port}`;
    const auditors = [
      { name: "whole", tokenHash: hashOf("whole"), accounts: "*" },
      { name: "alice", tokenHash: hashOf("alice"), accounts: [ALICE] },
      { name: "ranged", tokenHash: hashOf("ranged"), accounts: "*", from: 10, to: 20 },
    ];
    await bed.start({ AUDIT_LISTEN: `127.0.0.1:${port}`, AUDITORS: JSON.stringify(auditors) });
    await bed.log.publish(
      "session.lifecycle.v1",
      Array.from({ length: COUNT }, (_, i) => event(i + 1)),
    );
    const entries = new EntryRepository(bed.pool);
    await vi.waitFor(async () => expect(await entries.settled()).toBeGreaterThanOrEqual(BigInt(COUNT)), WAIT);
    const checkpoint = openCheckpoint(await bytesOf("/v1/audit/log/checkpoint"), "interlock.test/audit", [
      parseSigner(bed.logKey).verifier,
    ]);
    size = checkpoint.size;
    root = checkpoint.root;
  });
  afterAll(() => bed.close());

  it.each(["/v1/audit/log/checkpoint", "/v1/audit/events", "/v1/audit/log/tile/0/000.p/5", "/v1/audit/proofs/inclusion?index=0&size=1"])(
    "lets nobody in without a token: %s",
    async (path) => {
      for (const headers of [{}, { authorization: "Bearer wrong" }, { authorization: "Basic d2hvbGU6" }]) {
        const response = await fetch(`${base}${path}`, { headers });
        expect(response.status).toBe(401);
        expect(response.headers.get("www-authenticate")).toBe("Bearer");
      }
    },
  );

  it("gives events as NDJSON whose lines are the leaves of the signed root", async () => {
    const lines = (await bytesOf(`/v1/audit/events?to=${size}`)).toString("utf8").split("\n").slice(0, -1);
    expect(lines).toHaveLength(size);
    const range = new CompactRange();
    for (const line of lines) range.appendLeaf(leafHash(Buffer.from(line)));
    expect(range.root()).toEqual(root);
    expect(lines.some((line) => line === event(7).value.toString())).toBe(true);
  });

  it("gives tiles and bundles that lead to the same root, under their one name each", async () => {
    const range = new CompactRange();
    for (let index = 0; index * 256 < size; index++) {
      const width = Math.min(256, size - index * 256);
      const suffix = width === 256 ? "" : `.p/${width}`;
      const leaves = decodeBundle(await bytesOf(`/v1/audit/log/tile/entries/00${index}${suffix}`), width);
      const tile = await bytesOf(`/v1/audit/log/tile/0/00${index}${suffix}`);
      expect(Buffer.concat(leaves.map(leafHash))).toEqual(tile);
      for (const leaf of leaves) range.appendLeaf(leafHash(leaf));
    }
    expect(range.root()).toEqual(root);
    for (const path of ["tile/0/0", "tile/0/999", "tile/0/000.p/256"]) {
      expect((await ask(`/v1/audit/log/${path}`)).status).toBe(404);
    }
  });

  it("proves inclusion, consistency and ranges", async () => {
    const json = async (path: string): Promise<Record<string, unknown>> => (await (await ask(path)).json()) as Record<string, unknown>;
    const first = await bytesOf("/v1/audit/events?from=300&to=301");
    const inclusion = await json(`/v1/audit/proofs/inclusion?index=300&size=${size}`);
    verifyInclusion(300, size, leafHash(first.subarray(0, -1)), hashes(inclusion.hashes), root);
    const old = new CompactRange();
    const lines = (await bytesOf("/v1/audit/events?to=500")).toString("utf8").split("\n").slice(0, -1);
    for (const line of lines) old.appendLeaf(leafHash(Buffer.from(line)));
    const consistency = await json(`/v1/audit/proofs/consistency?from=500&size=${size}`);
    verifyConsistency(500, size, hashes(consistency.hashes), old.root(), root);
    const proof = await json(`/v1/audit/proofs/range?begin=300&end=301&size=${size}`);
    const range = new CompactRange(300);
    range.appendLeaf(leafHash(first.subarray(0, -1)));
    expect(rootOfRange({ begin: 300, end: 301, size, left: hashes(proof.left), right: hashes(proof.right) }, range)).toEqual(root);
  });

  it("withholds what is outside a scope, position and leaf hash shown, and bundles altogether", async () => {
    const seen = async (token: string) => (await bytesOf(`/v1/audit/events?to=${size}`, token)).toString("utf8").split("\n").slice(0, -1);
    const alice = await seen("alice");
    expect(alice).toHaveLength(size);
    expect(alice.some((line) => line.includes(BOB))).toBe(false);
    expect(alice.filter((line) => line.includes(ALICE))).toHaveLength(400);
    const ranged = await seen("ranged");
    expect(ranged.flatMap((line, i) => (line.includes('"withheld":true') ? [] : [i]))).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    expect((await ask("/v1/audit/log/tile/entries/000", {}, "alice")).status).toBe(403);
  });

  it("streams events with their index as id, resumes behind the last one, and shows the checkpoint that covers them", async () => {
    const abort = new AbortController();
    const headers = { accept: "text/event-stream", authorization: "Bearer whole", "last-event-id": String(size - 3) };
    const response = await fetch(`${base}/v1/audit/events`, { headers, signal: abort.signal });
    let text = "";
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString("utf8");
      if (text.includes("event: checkpoint")) break;
    }
    abort.abort();
    expect([...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id)).slice(0, 2)).toEqual([size - 2, size - 1]);
    expect(text).toMatch(/event: checkpoint\ndata: interlock\.test\/audit\ndata: \d+\n/);
  });

  it.each(["from=x", "from=1&from=2", "until=3", "from=-1"])("says what is wrong with a query: %s", async (query) => {
    const response = await ask(`/v1/audit/events?${query}`);
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toContain("application/problem+json");
  });

  it("answers 410 with the first entry there is for what was pruned, and still proves it", async () => {
    const entries = new EntryRepository(bed.pool);
    expect(await entries.prune(50n)).toBe(50n);
    for (const headers of [{}, { accept: "text/event-stream" }]) {
      const response = await ask("/v1/audit/events?from=20", headers);
      expect(response.status).toBe(410);
      expect(await response.json()).toMatchObject({ code: "LOG_PRUNED", details: { first: "50" } });
    }
    expect((await ask("/v1/audit/log/tile/entries/000")).status).toBe(410);
    expect((await ask(`/v1/audit/proofs/inclusion?index=3&size=${size}`)).status).toBe(200);
    expect((await ask(`/v1/audit/events?from=50&to=60`)).status).toBe(200);
  });
});
