import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { UnrecordedStop } from "../../application/stops.js";
import { FileStopSpool } from "./file-stop-spool.js";

const stop = (n: number): UnrecordedStop => ({
  sessionId: `01900000-0000-7000-8000-00000000000${n}`,
  command: { kind: "disarm", reason: "stolen laptop", initiator: "owner", at: 1_700_000_000 },
  origin: { actor: { type: "user", id: "owner" }, correlationId: "c", partitionKey: "31337:0xaa" },
});

let folder: string;
let open: FileStopSpool[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spool-"));
  open = [];
});
afterEach(() => {
  for (const spool of open) spool.close();
  rmSync(folder, { recursive: true, force: true });
});
const path = () => join(folder, "stops.spool");
/** A process that starts on what is on disk. */
function start(): FileStopSpool {
  const spool = new FileStopSpool(folder);
  open.push(spool);
  return spool;
}

describe("a spool of stops on disk", () => {
  it("gives the next process what this one kept, and nothing once it is drained", () => {
    const first = start();
    expect(first.kept).toEqual([]);
    first.keep(stop(1));
    first.keep(stop(2));
    const second = start();
    expect(second.kept).toEqual([stop(1), stop(2)]);
    second.keep(stop(3));
    expect(start().kept).toEqual([stop(1), stop(2), stop(3)]);
    second.drained();
    expect(start().kept).toEqual([]);
    second.keep(stop(4));
    expect(start().kept).toEqual([stop(4)]);
  });

  it("goes on behind a torn end, which it puts aside", () => {
    start().keep(stop(1));
    appendFileSync(path(), "torn in the mid");
    const second = start();
    expect([second.kept, second.torn]).toEqual([[stop(1)], 15]);
    expect(readFileSync(join(folder, "stops.torn"), "utf8")).toBe("torn in the mid");
    second.keep(stop(2));
    expect(start()).toMatchObject({ kept: [stop(1), stop(2)], torn: 0 });
  });

  it("is readable by its own user only", () => {
    start().keep(stop(1));
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });

  it("says when the disk does not take a stop", () => {
    const spool = new FileStopSpool(folder);
    spool.close();
    expect(() => spool.keep(stop(1))).toThrow(/EBADF/);
  });

  it("marks what it refused where a full disk has room for it, for the next process too", () => {
    const first = start();
    expect(first.gap).toBeUndefined();
    const size = statSync(join(folder, "stops.gap")).size;
    first.refused(100);
    first.refused(107);
    expect(statSync(join(folder, "stops.gap")).size).toBe(size);
    const second = start();
    expect(second.gap).toEqual({ refused: 2, firstAt: 100, lastAt: 107 });
    second.gapRecorded();
    expect(start().gap).toBeUndefined();
  });
});
