import { describe, expect, it } from "vitest";
import { InMemorySingleUseStore } from "./single-use.js";

describe("the store of used tokens", () => {
  it("lets a jti pass once", () => {
    const store = new InMemorySingleUseStore(() => 100);
    expect(store.consume("a", 160)).toBe(true);
    expect(store.consume("a", 160)).toBe(false);
    expect(store.consume("b", 160)).toBe(true);
  });

  it("forgets only what has expired when it grows", () => {
    let now = 100;
    const store = new InMemorySingleUseStore(() => now);
    for (let i = 0; i < 10_000; i += 1) store.consume(`old-${i}`, 160);
    store.consume("young", 400);
    now = 200;
    for (let i = 0; i < 10_000; i += 1) store.consume(`more-${i}`, 400);
    expect(store.consume("young", 400)).toBe(false);
    expect(store.consume("old-1", 160)).toBe(true);
  });
});
