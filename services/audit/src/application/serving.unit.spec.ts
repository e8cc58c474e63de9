import { describe, expect, it } from "vitest";
import { openCheckpoint } from "#platform/transparency-log/checkpoint.js";
import { leafHash } from "#platform/transparency-log/hash.js";
import { proveInclusion } from "#platform/transparency-log/prove.js";
import { verifyInclusion } from "#platform/transparency-log/verify.js";
import { logSigner, MadeLog, madeEvents, ORIGIN } from "../../../../test/support/audit/made-log.js";
import type { Reader } from "../domain/entry.js";
import type { Access } from "./access-record.js";
import { Serving } from "./serving.js";

const log = new MadeLog(madeEvents(300));
const owner: Reader = { kind: "owner", sub: "0xaa", accounts: [] };

function serve(size: number | undefined) {
  const noted: Access[] = [];
  const entries = log.events.map((bytes, i) => ({
    bytes,
    logIndex: BigInt(i),
    partitionKey: "k",
    leafHash: leafHash(bytes),
    withheld: true,
  }));
  const reading = {
    page: async (_: Reader, from: bigint, limit: number) => {
      const page = entries.slice(Number(from), Number(from) + limit);
      return { entries: page, next: from + BigInt(page.length) };
    },
    first: async () => 0n,
    settled: async () => BigInt(size ?? 0),
  };
  const checkpoints = { newest: async () => (size === undefined ? undefined : { size, note: log.checkpoint([logSigner], size) }) };
  const proving = { inclusion: (index: number, of: number) => proveInclusion(log.node, index, of) };
  const parts = {
    reading,
    checkpoints,
    proving,
    access: { note: (access: Access) => noted.push(access) },
    logKeys: [logSigner.verifier.text],
  };
  return { serving: new Serving(parts), noted };
}

describe("the log for those who signed in", () => {
  it("proves any entry to who keeps nothing of the log", async () => {
    const { serving } = serve(300);
    for (const index of [0, 1, 255, 256, 299]) {
      const { size, hashes, note } = await serving.proof(BigInt(index));
      const { root } = openCheckpoint(note, ORIGIN, [logSigner.verifier]);
      expect(size).toBe(300);
      expect(() => verifyInclusion(index, size, leafHash(log.events[index] ?? Buffer.of()), hashes, root)).not.toThrow();
      expect(() => verifyInclusion(index, size, leafHash(Buffer.from("another")), hashes, root)).toThrow();
    }
  });

  it.each([
    [300n, 300],
    [0n, 0],
    [0n, undefined],
  ])("proves nothing that no checkpoint covers: entry %s of %s", async (index, size) => {
    await expect(serve(size).serving.proof(index)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("notes who read which range, and nothing when there was nothing", async () => {
    const { serving, noted } = serve(300);
    await serving.page(owner, "events", 10n, 20);
    await serving.page(owner, "stream", 300n, 20);
    expect(noted).toEqual([{ reader: "0xaa", kind: "owner", way: "events", from: 10n, to: 30n }]);
  });

  it("gives a checkpoint behind the entries it covers, once", async () => {
    const { serving } = serve(300);
    expect(await serving.checkpoint(-1, 299n)).toBeUndefined();
    expect(await serving.checkpoint(-1, 300n)).toMatchObject({ size: 300 });
    expect(await serving.checkpoint(300, 300n)).toBeUndefined();
  });
});
