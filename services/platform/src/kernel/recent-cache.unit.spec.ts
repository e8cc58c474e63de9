import { describe, expect, it } from "vitest";
import { RecentCache } from "./recent-cache.js";

describe("a cache of recent entries", () => {
  it("keeps what was set last and forgets what was set longest ago", () => {
    const cache = new RecentCache<string, number>(2);
    cache.set("a", 1);
    cache.set("b", 2);
    cache.set("a", 3);
    cache.set("c", 4);
    expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual([3, undefined, 4]);
  });
  it("forgets what is deleted", () => {
    const cache = new RecentCache<string, number>(2);
    cache.set("a", 1);
    cache.delete("a");
    expect(cache.get("a")).toBeUndefined();
  });
});
