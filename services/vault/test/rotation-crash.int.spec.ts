import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SessionBed } from "./support/session-bed.js";
import { until } from "./support/until.js";
import { type VaultProcesses, type VaultReplica, vaultProcesses } from "./support/vault-processes.js";

/** Keys that are wrapped anew; a campaign takes 20,000 (ROTATION_KEYS). */
const KEYS = Number(process.env.ROTATION_KEYS ?? 600);
const SESSIONS = 8;
const KILL_EVERY_MS = 3_000;
const NO_COUNT = { rate: { max: 0, windowSeconds: 86_400 } };
/** What a client may see of a vault that was killed: nothing about keys or versions. */
const AWAY = ["DEPENDENCY_UNAVAILABLE", "CONDITION", "UNAVAILABLE", "DEADLINE_EXCEEDED"];

describe.runIf(process.platform === "linux")(`a rotation of ${KEYS} keys under load, with kill -9 every ${KILL_EVERY_MS / 1000} s`, () => {
  let vault: VaultProcesses;
  let replica: VaultReplica;
  beforeAll(async () => {
    vault = await vaultProcesses(1);
    const [only] = vault.replicas;
    if (only === undefined) throw new Error("there is one");
    replica = only;
  }, 300_000);
  afterAll(() => vault?.close());

  const below = async (version: number) => {
    const text = "SELECT count(*)::int AS n FROM vault.session_key WHERE kek_version < $1";
    return (await vault.db.query<{ n: number }>(text, [version])).rows[0]?.n ?? 0;
  };

  it("loses no key, refuses no signature because of it, and never goes back", async () => {
    const sessions = await Promise.all(Array.from({ length: SESSIONS }, () => SessionBed.armed(vault.via(replica), NO_COUNT)));
    for (let made = SESSIONS; made < KEYS; made += 40) {
      await Promise.all(Array.from({ length: Math.min(40, KEYS - made) }, () => SessionBed.generate(vault.via(replica))));
    }
    const ring = JSON.parse(readFileSync(vault.kekFile, "utf8"));
    writeFileSync(vault.kekFile, JSON.stringify({ active: 2, keys: { ...ring.keys, 2: randomBytes(32).toString("base64") } }));
    await expect(replica.admin.rotateKek({})).resolves.toEqual({ activeVersion: 2 });
    await replica.admin.startRewrap({ rowsPerSecond: Math.max(60, Math.ceil(KEYS / 60)) });

    const refusals = new Map<string, number>();
    let [signed, kills, done] = [0, 0, false];
    const signing = sessions.map(async (session) => {
      while (!done) {
        await session.sign(await session.signRequest({ amount: 1n })).then(
          () => (signed += 1),
          (error: { code?: string; details?: { kekVersion?: unknown } }) => {
            const why = `${error.code ?? "unknown"}${error.details?.kekVersion === undefined ? "" : " for a KEK version"}`;
            refusals.set(why, (refusals.get(why) ?? 0) + 1);
          },
        );
      }
    });
    const left: number[] = [await below(2)];
    while ((left.at(-1) ?? 0) > 0) {
      const killAt = performance.now() + KILL_EVERY_MS;
      await until(async () => {
        const now = await below(2);
        left.push(now);
        return now === 0 || performance.now() > killAt ? true : undefined;
      });
      if (left.at(-1) === 0) break;
      kills += 1;
      await replica.kill();
      await replica.start();
    }
    done = true;
    await Promise.all(signing);
    console.log(JSON.stringify({ keys: KEYS, kills, signed, refusals: Object.fromEntries(refusals), looks: left.length }));
    expect(left).toEqual(left.toSorted((a, b) => b - a));
    expect(kills).toBeGreaterThan(0);
    expect(signed).toBeGreaterThan(0);
    expect([...refusals.keys()].filter((code) => !AWAY.includes(code))).toEqual([]);
    await until(async () => ((await replica.admin.kekStatus({})).rewrap?.state === "done" ? true : undefined));
    await replica.admin.setMinDecryptVersion({ version: 2 });
    for (const session of sessions) await session.sign(await session.signRequest({ amount: 1n }));
    const { rows } = await vault.db.query<{ state: string; n: number }>(
      "SELECT state, count(*)::int AS n FROM vault.session_key GROUP BY state ORDER BY state",
    );
    expect(rows).toEqual([
      { state: "generated", n: KEYS - SESSIONS },
      { state: "sealed", n: SESSIONS },
    ]);
  }, 3_600_000);
});
