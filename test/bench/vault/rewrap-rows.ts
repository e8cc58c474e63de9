import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import type { ResultRow } from "../../../deploy/local/results/result-file.js";
import type { SignRequest } from "../../../services/platform/gen/interlock/vault/v1/vault.js";
import { SessionBed } from "../../../services/vault/test/support/session-bed.js";
import { quantile } from "../eventing/measure.js";
import type { VaultProcess } from "./vault-process.js";

const SESSIONS = 16;
const KEYS = Number(process.env.REWRAP_BENCH_KEYS ?? 1_000);
const SECONDS = 8;
const ROWS_PER_SECOND = 200;
const NO_COUNT = { rate: { max: 0, windowSeconds: 86_400 } };

/** p99 of signing at half its peak while every key is wrapped anew, against the p99 without that. */
export async function rewrapRows(vault: VaultProcess): Promise<readonly ResultRow[]> {
  const sessions = await Promise.all(Array.from({ length: SESSIONS }, () => SessionBed.armed(vault, NO_COUNT)));
  for (let made = 0; made < KEYS; made += 20) await Promise.all(Array.from({ length: 20 }, () => SessionBed.generate(vault)));
  const peak = await peakRate(vault, sessions);
  const quiet = await latencies(vault, sessions, peak / 2);
  const ring = JSON.parse(readFileSync(vault.kekFile, "utf8"));
  const active = Number(ring.active) + 1;
  writeFileSync(vault.kekFile, JSON.stringify({ active, keys: { ...ring.keys, [active]: randomBytes(32).toString("base64") } }));
  await vault.admin.rotateKek({});
  await vault.admin.startRewrap({ rowsPerSecond: ROWS_PER_SECOND });
  const before = (await vault.admin.kekStatus({})).rewrap?.remaining ?? 0;
  const busy = await latencies(vault, sessions, peak / 2);
  const after = (await vault.admin.kekStatus({})).rewrap?.remaining ?? 0;
  await vault.admin.pauseRewrap({});
  const [p99, base] = [quantile(busy, 0.99), quantile(quiet, 0.99)];
  const note = `p99 ${p99.toFixed(0)} ms against ${base.toFixed(0)} ms at ${(peak / 2).toFixed(0)} signs/s; ${before - after} keys rewrapped meanwhile`;
  return [{ name: "rewrap_p99_ratio", value: p99 / base, unit: "ratio", bar: 2, note }];
}

async function requestsFor(sessions: readonly SessionBed[], count: number): Promise<readonly SignRequest[]> {
  const requests: SignRequest[] = [];
  for (let i = 0; i < count; i += 1) {
    const session = sessions[i % sessions.length];
    if (session !== undefined) requests.push(await session.signRequest({ amount: 1n }));
  }
  return requests;
}

async function peakRate(vault: VaultProcess, sessions: readonly SessionBed[]): Promise<number> {
  const requests = await requestsFor(sessions, 300);
  const begin = performance.now();
  await Promise.all(requests.map((request) => vault.relay.sign(request, { freshToken: true })));
  return (requests.length * 1000) / (performance.now() - begin);
}

/** Milliseconds of each call when they are begun at a steady rate, whether earlier ones are done or not. */
async function latencies(vault: VaultProcess, sessions: readonly SessionBed[], rate: number): Promise<readonly number[]> {
  const seen: number[] = [];
  for (let second = 0; second < SECONDS; second += 1) {
    const requests = await requestsFor(sessions, Math.max(1, Math.round(rate)));
    const begin = performance.now();
    await Promise.all(
      requests.map(async (request, i) => {
        await new Promise((resolve) => setTimeout(resolve, (i * 1000) / rate - (performance.now() - begin)));
        const started = performance.now();
        await vault.relay.sign(request, { freshToken: true });
        seen.push(performance.now() - started);
      }),
    );
  }
  return seen;
}
