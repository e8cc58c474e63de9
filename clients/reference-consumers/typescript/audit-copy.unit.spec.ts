import { beforeEach, describe, expect, it } from "vitest";
import { AuditCopy } from "./audit-copy.js";

const event = (index: number) => Buffer.from(`{"event":${index}}`);

describe("a consumer's copy of the audit log", () => {
  let kept: string[];
  let said: string[];
  let available: number;
  const open = (next = 0n) =>
    new AuditCopy({
      next,
      say: (line) => said.push(line),
      file: {
        append: (_, bytes) => {
          kept.push(bytes.toString());
          return Promise.resolve();
        },
      },
      repair: async function* (from, to) {
        for (let i = Number(from); i < Math.min(Number(to), available); i++) yield event(i);
      },
    });
  beforeEach(() => {
    kept = [];
    said = [];
    available = 100;
  });

  it("keeps every entry once, in order, however often it is delivered", async () => {
    const copy = open();
    for (const i of [0, 1, 1, 0, 2]) await copy.take(BigInt(i), event(i));
    expect(kept).toEqual([0, 1, 2].map((i) => event(i).toString()));
  });

  it("says that it fell behind retention, and fills the gap from elsewhere before it goes on", async () => {
    const copy = open();
    await copy.take(0n, event(0));
    await copy.take(5n, event(5));
    expect(said).toEqual(["GAP expected=1 first=5", "REPAIRED next=5"]);
    expect(kept).toEqual([0, 1, 2, 3, 4, 5].map((i) => event(i).toString()));
  });

  it("stops when the gap cannot be filled, and does not take what is behind it", async () => {
    available = 3;
    await expect(open().take(5n, event(5))).rejects.toThrow("GAP expected=3 first=5");
    expect(kept).toHaveLength(3);
  });

  it("stops when an index comes again with other bytes", async () => {
    const copy = open();
    await copy.take(0n, event(0));
    await expect(copy.take(0n, Buffer.from("other"))).rejects.toThrow("CONFLICT index=0");
  });
});
