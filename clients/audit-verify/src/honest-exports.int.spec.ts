import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseCheckpoint } from "#platform/transparency-log/checkpoint.js";
import { TlogPolicy } from "#platform/transparency-log/tlog-policy.js";
import { ACCOUNTS, logSigner, MadeLog, madeEvents, witnessSigner } from "../../../test/support/audit/made-log.js";
import { verifyExport } from "./application/verify-export.js";
import { writeExport } from "./application/write-export.js";

const ROUNDS = Number(process.env.AUDIT_EXPORTS ?? 100);
const NOW = 1_700_000_100;
const SIZES = [1, 2, 255, 256, 257, 700];
const logs = SIZES.map((size) => new MadeLog(madeEvents(size)));
const policy = TlogPolicy.parse(`log ${logSigner.verifier.text}\nwitness w ${witnessSigner.verifier.text}\nquorum w\n`);

/** Numbers that look random and are the same in every run (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) % below;
  };
}

describe("an honest export", () => {
  let folder: string | undefined;
  afterAll(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  it(`is verified, whatever its range and scope: ${ROUNDS} of them`, { timeout: 600_000 }, async () => {
    folder = await mkdtemp(join(tmpdir(), "interlock-exports-"));
    const pick = numbers(Number(process.env.INTERLOCK_SEED ?? 7));
    for (let round = 0; round < ROUNDS; round++) {
      const log = logs[pick(logs.length)];
      if (log === undefined) continue;
      const [begin, end] = [pick(log.size + 1), pick(log.size + 1)].sort((a, b) => a - b) as [number, number];
      const scope = ACCOUNTS[pick(3)];
      const content = await log.export(begin, end, (event) => scope !== undefined && !event.includes(scope));
      const since = 1 + pick(log.size);
      const at = join(folder, String(round));
      await writeExport(at, { ...content, plain: pick(2) === 0, consistency: pick(2) === 0 ? [await log.consistency(since)] : [] });
      const report = await verifyExport(at, { keys: [logSigner.verifier], policy, anchors: [], now: NOW });
      expect(report, `round ${round}: ${begin} to ${end} of ${log.size}`).toMatchObject({ exit: 0, begin, end, findings: [] });
      await rm(at, { recursive: true });
    }
  });

  it("is verified by the checkpoint seen last, when it holds the entries since or a proof over them", async () => {
    folder ??= await mkdtemp(join(tmpdir(), "interlock-exports-"));
    const log = new MadeLog(madeEvents(700));
    for (const [begin, since, consistency] of [
      [0, 300, false],
      [200, 300, false],
      [500, 300, true],
    ] as const) {
      const at = join(folder, `since-${begin}`);
      const state = parseCheckpoint(log.checkpoint([logSigner], since));
      await writeExport(at, { ...(await log.export(begin, 700)), consistency: consistency ? [await log.consistency(since)] : [] });
      const report = await verifyExport(at, {
        keys: [logSigner.verifier],
        state,
        anchors: [{ size: since, root: log.rootAt(since) }],
        now: NOW,
      });
      expect(report).toMatchObject({ exit: 0, views: [{ kind: "state" }, { kind: "anchor" }] });
    }
  });

  it("is never called verified on the log's word alone, nor with the export's own key", async () => {
    folder ??= await mkdtemp(join(tmpdir(), "interlock-exports-"));
    const at = join(folder, "alone");
    await writeExport(at, await new MadeLog(madeEvents(50)).export(0, 50));
    const alone = await verifyExport(at, { keys: [logSigner.verifier], anchors: [], now: NOW });
    expect(alone).toMatchObject({ exit: 3, findings: [{ kind: "SELF_CONSISTENT_ONLY" }] });
    const ownKey = await verifyExport(at, { keys: [], policy, anchors: [], now: NOW });
    expect(ownKey.exit).toBe(3);
    const stale = await verifyExport(at, { keys: [logSigner.verifier], policy, anchors: [], now: NOW + 1_000, maxAgeSeconds: 600 });
    expect(stale).toMatchObject({ exit: 3, findings: [{ kind: "STALE" }] });
  });
});
