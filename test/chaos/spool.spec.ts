import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Stack } from "../../deploy/local/stack.js";
import { Client } from "../support/e2e/client.js";
import { payments } from "../support/e2e/documents.js";
import { FlakyProxy } from "../support/e2e/flaky-proxy.js";
import { draft } from "../support/e2e/grant.js";
import { readyStack } from "../support/e2e/ready-stack.js";
import { newSafe, type OwnedSafe } from "../support/e2e/safe.js";
import { statusOf, untilAllWell } from "../support/e2e/service-status.js";
import { signIn } from "../support/e2e/sign-in.js";
import { until } from "../support/e2e/until.js";
import { skipLoudly } from "../support/skip-loudly.js";

const STOPS = Number(process.env.SPOOL_STOPS ?? 1_000);
const TORN = Buffer.from("half of a line that was never acknowl");
const SMALL_DISK = "32k";
const RECOVERY = 120_000;

let stack: Stack;
let database: FlakyProxy;
let safe: OwnedSafe;
let owner: Client;

beforeAll(async () => {
  stack = await readyStack({
    async through(dependency, url) {
      if (dependency !== "database") return url;
      database = await FlakyProxy.to(url);
      return database.inFrontOf(url);
    },
    // One account and one login ask for everything here.
    extra: { gateway: { RATE_LIMIT_IP: "10000:10000", RATE_LIMIT_CREDENTIAL: "10000:10000", RATE_LIMIT_ACCOUNT: "10000:10000" } },
  });
  safe = await newSafe(stack);
  const anybody = new Client(stack.gatewayUrl);
  owner = anybody.as((await signIn(anybody, safe.owners[0], safe.address)).accessToken);
}, 300_000);
afterAll(async () => {
  await stack?.stop();
  database?.close();
});

async function drafts(count: number): Promise<string[]> {
  const made: string[] = [];
  while (made.length < count)
    made.push(
      ...(await Promise.all(Array.from({ length: 4 }, () => draft(owner, safe, payments(stack.world))))).map(({ sessionId }) => sessionId),
    );
  return made.slice(0, count);
}

async function loseDatabase(): Promise<void> {
  database.refuse();
  await until("permissions says DbDown", async () =>
    (await statusOf(stack, "permissions")).conditions.some(({ condition }) => condition === "DbDown") ? true : undefined,
  );
}

/** DISARMs one after the other; each has to be taken. Resolves to those that were acknowledged, in their order. */
async function disarmAll(sessions: readonly string[]): Promise<readonly string[]> {
  const acknowledged: string[] = [];
  for (const sessionId of sessions) {
    const reply = await owner.post("/v1/session_keys/revoke", { sessionId, reason: "spool" });
    expect([reply.status, reply.body.fence], reply.text).toEqual([202, "pending"]);
    acknowledged.push(sessionId);
  }
  return acknowledged;
}

/** Sessions in the order in which their ends were published by permissions; a session that ended twice is there twice. */
async function published(): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: stack.databases("permissions") });
  await client.connect();
  try {
    const { rows } = await client.query<{ stream: string }>(
      `SELECT l.stream FROM permissions.log_entry l JOIN permissions.event e USING (stream, version) WHERE e.type = 'session.disarmed.v1' AND e.data->>'phase' = 'disarmed' ORDER BY l.position`,
    );
    return rows.map(({ stream }) => stream.replace("session-", ""));
  } finally {
    await client.end();
  }
}

async function drained(acknowledged: readonly string[]): Promise<void> {
  const wanted = new Set(acknowledged);
  const seen = await until(
    "every stop is published",
    async () => {
      const all = (await published()).filter((id) => wanted.has(id));
      return all.length >= wanted.size ? all : undefined;
    },
    RECOVERY,
  );
  expect(seen).toEqual(acknowledged);
}

describe("stops while Postgres is away", () => {
  it(`${STOPS} of them, then SIGKILL and a torn end: every one is recorded once, in order, when it is back`, async () => {
    const sessions = await drafts(STOPS);
    const file = join(stack.folder, "spool", "stops.spool");
    await loseDatabase();
    const acknowledged = await disarmAll(sessions);
    await stack.process("permissions").kill();
    const kept = statSync(file).size;
    appendFileSync(file, TORN);
    await stack.restart("permissions");
    await until("the torn end is put aside", async () => (statSync(file).size === kept ? true : undefined));
    expect(statSync(join(stack.folder, "spool", "stops.torn")).size).toBe(TORN.length);
    await database.heal();
    const began = Date.now();
    await drained(acknowledged);
    await until("the spool is empty", async () => (statSync(file).size === 0 ? true : undefined));
    console.log(
      `${acknowledged.length} stops, ${kept} bytes spooled, drained once and in order ${Date.now() - began} ms after Postgres was back`,
    );
    await untilAllWell(stack, RECOVERY);
  });

  const mounted = process.getuid?.() === 0 && spawnSync("mount", ["--version"]).status === 0;
  if (!mounted) skipLoudly("root", "on a full disk they are taken all the same", "run as root, so that a disk of 32 kB can be mounted");
  else
    it("on a full disk they are taken all the same, what was on it survives, and all are recorded once", async () => {
      const folder = join(stack.folder, "small-disk");
      mkdirSync(folder);
      expect(spawnSync("mount", ["-t", "tmpfs", "-o", `size=${SMALL_DISK}`, "none", folder]).status).toBe(0);
      try {
        await stack.process("permissions").stop();
        await stack.restart("permissions", { SPOOL_DIR: folder });
        await untilAllWell(stack, RECOVERY);
        const sessions = await drafts(200);
        await loseDatabase();
        const acknowledged = await disarmAll(sessions);
        expect(statSync(join(folder, "stops.spool")).size).toBeGreaterThan(16_000);
        await database.heal();
        await drained(acknowledged);
      } finally {
        await stack.process("permissions").stop();
        spawnSync("umount", ["-l", folder]);
      }
    });
});
