import { beforeEach, describe, expect, it } from "vitest";
import type { AppendMetadata, NewEvent } from "#platform/event-store/types.js";
import { AccessRecord } from "./access-record.js";

describe("the record of who read the log", () => {
  let now: number;
  let written: NewEvent[];
  let actors: unknown[];
  let record: AccessRecord;
  beforeEach(() => {
    now = 0;
    written = [];
    actors = [];
    const store = {
      append: (_: string, version: number, events: readonly NewEvent[], { actor }: AppendMetadata) => {
        actors.push(actor);
        written.push(...events);
        return Promise.resolve({ lastVersion: version + events.length, eventIds: [] });
      },
    };
    record = new AccessRecord(store, { next: () => "id" }, () => now);
  });

  it("gathers what one reader reads in a minute into one event over the whole range", async () => {
    record.note({ reader: "examiner", way: "events", from: 10n, to: 20n });
    record.note({ reader: "examiner", way: "events", from: 5n, to: 15n });
    await record.flush();
    expect(written).toEqual([]);
    now = 60_000;
    await record.flush();
    expect(written).toEqual([{ type: "audit.accessed.v1", data: { reader: "examiner", way: "events", from: "5", to: "20", requests: 2 } }]);
  });

  it.each([
    [undefined, "operator"],
    ["owner", "user"],
    ["agent", "agent"],
  ] as const)("says what the reader is: %s as %s", async (kind, type) => {
    record.note({ reader: "r", way: "events", from: 0n, to: 1n, ...(kind === undefined ? {} : { kind }) });
    await record.flush(true);
    expect(actors).toEqual([{ type, id: "r" }]);
  });

  it("keeps readers and ways apart, and leaves nothing behind when the process stops", async () => {
    record.note({ reader: "a", way: "events", from: 0n, to: 1n });
    record.note({ reader: "a", way: "stream", from: 0n, to: 1n });
    record.note({ reader: "b", way: "events", from: 0n, to: 1n });
    await record.flush(true);
    expect(written).toHaveLength(3);
    await record.flush(true);
    expect(written).toHaveLength(3);
  });
});
