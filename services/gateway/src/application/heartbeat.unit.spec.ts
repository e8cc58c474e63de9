import { describe, expect, it } from "vitest";
import { HEARTBEAT, withHeartbeat } from "./heartbeat.js";

async function* frames(...texts: string[]): AsyncGenerator<string> {
  yield* texts;
}

describe("a stream with a heartbeat", () => {
  it("passes every frame on in order and ends with its source", async () => {
    const seen: string[] = [];
    for await (const frame of withHeartbeat(frames("a", "b"), new AbortController().signal)) seen.push(frame);
    expect(seen).toEqual(["a", "b"]);
  });

  it("beats while the source is silent, loses nothing of it, and ends with the signal", async () => {
    const end = new AbortController();
    const later = Promise.withResolvers<void>();
    async function* slow(): AsyncGenerator<string> {
      await later.promise;
      yield "late";
      await new Promise(() => undefined);
    }
    const seen: string[] = [];
    for await (const frame of withHeartbeat(slow(), end.signal, 5)) {
      seen.push(frame);
      if (seen.length === 2) later.resolve();
      if (frame === "late") end.abort();
    }
    expect(seen.slice(0, 2)).toEqual([HEARTBEAT, HEARTBEAT]);
    expect(seen.at(-1)).toBe("late");
  });

  it("hands on the failure of its source", async () => {
    async function* broken(): AsyncGenerator<string> {
      yield "a";
      throw new Error("gone");
    }
    const read = async () => {
      for await (const _frame of withHeartbeat(broken(), new AbortController().signal));
    };
    await expect(read()).rejects.toThrow("gone");
  });
});
