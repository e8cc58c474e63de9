import { describe, expect, it } from "vitest";
import { present } from "./present.js";

describe("a decoded message", () => {
  it("has no null, at any depth, and keeps everything else", () => {
    const bytes = Buffer.from([1]);
    expect(present({ a: null, b: { c: null, d: 0 }, e: [{ f: null, g: "" }], h: bytes, i: false })).toEqual({
      b: { d: 0 },
      e: [{ g: "" }],
      h: bytes,
      i: false,
    });
  });
});
