import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Stack } from "../../deploy/local/stack.js";
import { createPool } from "../../services/platform/src/database/pool.js";
import { Client, type Reply } from "../support/e2e/client.js";
import { payments } from "../support/e2e/documents.js";
import { FlakyProxy } from "../support/e2e/flaky-proxy.js";
import { draft } from "../support/e2e/grant.js";
import { readyStack } from "../support/e2e/ready-stack.js";
import { newSafe, type OwnedSafe } from "../support/e2e/safe.js";
import { isWell, statusOf, untilAllWell } from "../support/e2e/service-status.js";
import { signIn } from "../support/e2e/sign-in.js";
import { until } from "../support/e2e/until.js";
import { skipLoudly } from "../support/skip-loudly.js";

/** How many stops are accepted while Postgres is away. */
const STOPS = Number(process.env.SPOOL_STOPS ?? 100);
const RECOVERY = 120_000;
const NO_LIMIT = "100000:100000";

let stack: Stack;
let database: FlakyProxy;
let owner: Client;
let safe: OwnedSafe;
let pool: ReturnType<typeof createPool>;

beforeAll(async () => {
  const limits = { RATE_LIMIT_IP: NO_LIMIT, RATE_LIMIT_CREDENTIAL: NO_LIMIT, RATE_LIMIT_ACCOUNT: NO_LIMIT };
  stack = await readyStack({
    extra: { gateway: limits },
    async through(dependency, url) {
      if (dependency !== "database") return url;
      database = await FlakyProxy.to(url);
      return database.inFrontOf(url);
    },
  });
  pool = createPool({ url: stack.databases("permissions"), applicationName: "spool test", max: 2 });
  const anybody = new Client(stack.gatewayUrl);
  safe = await newSafe(stack);
  owner = anybody.as((await signIn(anybody, safe.owners[0], safe.address)).accessToken);
});
afterAll(async () => {
  await pool?.end();
  await stack?.stop();
  database?.close();
});
afterEach(async () => {
  await database.heal();
  await untilAllWell(stack, RECOVERY);
});

/** `count` sessions that permissions has seen in this run of it. */
async function sessions(count: number): Promise<string[]> {
  // The gateway finds a restarted peer within seconds of its return.
  await until("permissions is reachable", async () =>
    (await owner.get(`/v1/session_keys/list/${safe.address}`)).status === 200 ? true : undefined,
  );
  const made: string[] = [];
  const worker = async () => {
    while (made.length < count) {
      const slot = made.push("") - 1;
      made[slot] = (await draft(owner, safe, payments(stack.world))).sessionId;
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  return made;
}

async function loseDatabase(): Promise<void> {
  database.refuse();
  await until("permissions says DbDown", async () => {
    const { conditions } = await statusOf(stack, "permissions");
    return conditions.some(({ condition }) => condition === "DbDown") ? true : undefined;
  });
}

/** Stops them one after the other: the order is what is asked about afterwards. */
async function stopAll(ids: readonly string[]): Promise<readonly Reply[]> {
  const answers: Reply[] = [];
  for (const sessionId of ids) answers.push(await owner.post("/v1/session_keys/revoke", { sessionId, reason: "stolen laptop" }));
  return answers;
}

async function restartPermissions(extra: Readonly<Record<string, string>> = {}): Promise<void> {
  await stack.process("permissions").kill();
  await stack.restart("permissions", extra);
}

async function drained(): Promise<void> {
  await database.heal();
  await until("everything is recorded", async () => (isWell(await statusOf(stack, "permissions")) ? true : undefined), RECOVERY);
}

/** Stops of `ids` on permissions' log, in the log's order. */
async function recorded(ids: readonly string[]) {
  const text = `SELECT e.data->>'sessionId' AS id, e.data->>'spooled' AS spooled FROM permissions.event e
    JOIN permissions.log_entry l ON l.stream = e.stream AND l.version = e.version
    WHERE e.type = 'session.disarmed.v1' AND e.data->>'phase' = 'disarmed' AND e.data->>'sessionId' = ANY ($1) ORDER BY l.position`;
  return (await pool.query<{ id: string; spooled: string | null }>(text, [ids])).rows;
}

/** The same once there are `count`: an event gets its place in the log after its commit. */
const onTheLog = (ids: readonly string[], count: number) =>
  until("they are on the log", async () => {
    const found = await recorded(ids);
    return found.length >= count ? found : undefined;
  });

const stateOf = async (id: string) => (await owner.get(`/v1/session_keys/${id}`)).body.state;

describe("stops while Postgres is away", () => {
  it(`${STOPS} of them are accepted, outlive a kill and a torn tail, and are each recorded once, in order, as spooled`, async () => {
    const ids = await sessions(STOPS);
    await loseDatabase();
    const answers = await stopAll(ids);
    expect(answers.filter(({ status }) => status !== 202).map(({ text }) => text)).toEqual([]);
    const file = join(stack.folder, "spool", "stops.spool");
    await stack.process("permissions").kill();
    appendFileSync(file, "half a line, as a power cut leaves it");
    await stack.restart("permissions");
    const status = await statusOf(stack, "permissions");
    expect(status.conditions.map(({ condition }) => condition)).toContain("DbDown");
    await drained();
    const rows = await onTheLog(ids, ids.length);
    expect(rows.map(({ id }) => id)).toEqual(ids);
    expect(new Set(rows.map(({ spooled }) => spooled))).toEqual(new Set(["true"]));
    expect(statSync(file).size).toBe(0);
    expect(readFileSync(join(stack.folder, "spool", "stops.torn"), "utf8")).toContain("half a line");
    console.log(
      `spool: ${ids.length} stops accepted with the database away, process killed, tail torn; ${rows.length} recorded once, in order`,
    );
  });

  it("a kill in the middle of draining records none twice", async () => {
    const ids = await sessions(Math.ceil(STOPS / 2));
    await loseDatabase();
    await stopAll(ids);
    await restartPermissions();
    await database.heal();
    await until("some are recorded", async () => ((await recorded(ids)).length > 0 ? true : undefined), RECOVERY);
    await restartPermissions();
    await drained();
    await expect.poll(async () => (await recorded(ids)).map(({ id }) => id), { timeout: 30_000 }).toEqual(ids);
  });

  const mounts = process.getuid?.() === 0;
  if (!mounts) skipLoudly("root", "a full disk refuses none", "run as root, so that a disk of 20 kB can be mounted");
  it.runIf(mounts)(
    "a full disk refuses none: what it took is recorded after a kill, and the log says how many it did not take",
    async () => {
      const folder = join(stack.folder, "small-disk");
      mkdirSync(folder);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=20k", "tmpfs", folder]);
      try {
        await restartPermissions({ SPOOL_DIR: folder });
        await untilAllWell(stack, RECOVERY);
        const ids = await sessions(60);
        await loseDatabase();
        const answers = await stopAll(ids);
        expect(answers.filter(({ status }) => status !== 202).map(({ text }) => text)).toEqual([]);
        const said = await (await fetch(`http://127.0.0.1:${stack.settings.ports.permissions.health}/metrics`)).text();
        const refused = Number(/spool_dropped_total\{[^}]*\} (\d+)/.exec(said)?.[1]);
        expect(refused).toBeGreaterThan(0);
        expect(refused).toBeLessThan(ids.length);
        await restartPermissions({ SPOOL_DIR: folder });
        await drained();
        const gap = await until("the gap is on the log", async () => {
          const text = "SELECT data FROM permissions.event WHERE type = 'producer.spool_gap.v1'";
          return (await pool.query<{ data: { refused: number } }>(text)).rows[0]?.data;
        });
        expect(gap.refused).toBe(refused);
        const kept = ids.slice(0, ids.length - refused);
        expect((await onTheLog(ids, kept.length)).map(({ id }) => id)).toEqual(kept);
        expect(await stateOf(ids[0] ?? "")).toBe("disarmed");
        console.log(`spool: disk full after ${ids.length - refused} of ${ids.length}; gap marker of ${gap.refused} on the log`);
      } finally {
        await restartPermissions();
        if (existsSync(folder)) execFileSync("umount", [folder]);
      }
    },
  );
});
