import { describe, expect, it } from "vitest";
import { parseCheckpoint } from "#platform/transparency-log/checkpoint.js";
import { CompactRange } from "#platform/transparency-log/compact-range.js";
import { decodeBundle } from "#platform/transparency-log/entry-bundle.js";
import { leafHash } from "#platform/transparency-log/hash.js";
import { tileWidth } from "#platform/transparency-log/tile.js";
import { LossyFiles, PowerFailure } from "../../../../test/support/audit/lossy-files.js";
import { logSigner, madeEvents, ORIGIN } from "../../../../test/support/audit/made-log.js";
import { Sealing } from "../application/sealing.js";
import { VolumeLogStorage } from "./volume-log-storage.js";

const RUNS = Number(process.env.AUDIT_CRASHES ?? 40);
const events = madeEvents(1_200);
const hashes = events.map(leafHash);

/** Numbers that look random and are the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const rootAt = (size: number) => {
  const range = new CompactRange();
  for (const hash of hashes.slice(0, size)) range.appendLeaf(hash);
  return range.root();
};

/** A log on a disk that loses what was not synced; `sequenced` entries stand in the database. */
function scene(files: LossyFiles) {
  const recorded: { size: number; note: Buffer }[] = [];
  const stream = { sequenced: 0 };
  const storage = new VolumeLogStorage(files, {
    unsettled: (from, count) => Promise.resolve(events.slice(Number(from), Number(from) + count).map((bytes) => ({ bytes }))),
  });
  const open = () =>
    new Sealing({
      storage,
      origin: ORIGIN,
      signers: [logSigner],
      entries: {
        leafHashes: (from, limit) => Promise.resolve(hashes.slice(Number(from), Math.min(stream.sequenced, Number(from) + limit))),
      },
      checkpoints: {
        record: (size, note) => {
          recorded.push({ size, note });
          return Promise.resolve();
        },
      },
    });
  return { storage, stream, recorded, open };
}

async function expectWhole(storage: VolumeLogStorage): Promise<number> {
  const { size, root } = await storage.state();
  expect(root).toEqual(rootAt(size));
  const range = new CompactRange();
  for (let index = 0; tileWidth("entries", index, size) > 0; index++) {
    const width = tileWidth("entries", index, size);
    const leaves = decodeBundle(await storage.bundle(index, width), width);
    expect(Buffer.concat(leaves.map(leafHash))).toEqual(await storage.tile(0, index, width));
    for (const leaf of leaves) range.appendLeaf(leafHash(leaf));
  }
  expect(range.root()).toEqual(root);
  return size;
}

describe("the log on a volume", () => {
  it(`is whole after every one of ${RUNS} power failures, and takes no checkpoint back`, { timeout: 300_000 }, async () => {
    const pick = numbers(Number(process.env.INTERLOCK_SEED ?? 11));
    for (let run = 0; run < RUNS; run++) {
      const files = new LossyFiles(pick);
      const { storage, stream, recorded, open } = scene(files);
      let sealing = open();
      for (let crash = 0; crash < 4; crash++) {
        stream.sequenced = Math.min(events.length, stream.sequenced + 1 + pick(400));
        files.failAfter(pick(14));
        await sealing.seal().catch((error: unknown) => expect(error).toBeInstanceOf(PowerFailure));
        files.restart();
        const size = await expectWhole(storage);
        expect(size).toBeGreaterThanOrEqual(Math.max(0, ...recorded.map((one) => one.size)));
        sealing = open();
      }
      while (await sealing.seal());
      expect(await expectWhole(storage)).toBe(stream.sequenced);
      for (const { size, note } of recorded) expect(parseCheckpoint(note).root).toEqual(rootAt(size));
    }
  });

  it.each([
    ["nothing that was not synced lasts", 1],
    ["all of it happens to last", 0],
  ])("is whole when the power fails at any one system call of a step and %s", { timeout: 120_000 }, async (_, lasts) => {
    let failed = 0;
    for (let call = 0, over = false; !over; call++) {
      const files = new LossyFiles((below) => Math.min(lasts, below - 1));
      const { storage, stream, recorded, open } = scene(files);
      stream.sequenced = 300;
      await open().seal();
      stream.sequenced = 700;
      files.failAfter(call);
      over = await open()
        .seal()
        .then(
          () => true,
          () => false,
        );
      files.restart();
      // The tree is the one before or the one after, never behind what the database, and so the topic, has told of.
      expect(await expectWhole(storage)).toBeOneOf(over ? [700] : [300, 700]);
      expect((await storage.state()).size).toBeGreaterThanOrEqual(Math.max(...recorded.map(({ size }) => size)));
      const again = open();
      while (await again.seal());
      expect(await expectWhole(storage)).toBe(700);
      expect(recorded.at(-1)?.size).toBe(700);
      for (const { size, note } of recorded) expect(parseCheckpoint(note).root).toEqual(rootAt(size));
      if (!over) failed += 1;
    }
    // Every write, rename and sync of the step was one of them.
    expect(failed).toBeGreaterThan(12);
  });

  it("refuses a step that begins elsewhere than it stands", async () => {
    const { storage, stream, open } = scene(new LossyFiles(() => 0));
    stream.sequenced = 10;
    await open().seal();
    const change = { from: 5, size: 6, root: rootAt(6), tiles: [], note: Buffer.of() };
    await expect(storage.commit(change)).rejects.toMatchObject({ code: "STALE_TERM" });
  });
});
