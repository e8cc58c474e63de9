import { describe, expect, it } from "vitest";
import { emptyRecent, forget, type RecentMap, recall, remember } from "./recent-map.js";

function filled(count: number): RecentMap<number> {
  let map = emptyRecent<number>();
  for (let i = 0; i < count; i += 1) map = remember(map, `key-${i}`, i);
  return map;
}

describe("a map of the latest entries", () => {
  it("recalls what it was told, the latest value of a key first", () => {
    const map = remember(remember(filled(300), "key-7", 70), "key-299", 71);
    expect(["key-0", "key-7", "key-299", "key-300"].map((key) => recall(map, key))).toEqual([0, 70, 71, undefined]);
  });

  it("copies no more than 255 entries to add one", () => {
    expect([filled(255).young.size, filled(255).old.size]).toEqual([255, 0]);
    expect([filled(256).young.size, filled(256).old.size]).toEqual([0, 256]);
    expect([filled(257).young.size, filled(257).old.size]).toEqual([1, 256]);
  });

  it("remembers at least the latest 4,096 and forgets the oldest first", () => {
    const map = filled(4_096 + 256);
    expect([recall(map, "key-255"), recall(map, "key-256"), recall(map, "key-4351")]).toEqual([undefined, 256, 4_351]);
    expect(map.old.size).toBe(4_096);
  });

  it("forgets what it is told to, young or old, and leaves the map it came from as it was", () => {
    const map = filled(300);
    const less = forget(forget(map, "key-3"), "key-299");
    expect([recall(less, "key-3"), recall(less, "key-299"), recall(less, "key-4")]).toEqual([undefined, undefined, 4]);
    expect([recall(map, "key-3"), recall(map, "key-299")]).toEqual([3, 299]);
  });

  it("is no copy when there is nothing to forget", () => {
    const map = filled(3);
    expect(forget(map, "stranger").young).toBe(map.young);
    expect(forget(map, "stranger").old).toBe(map.old);
  });
});
