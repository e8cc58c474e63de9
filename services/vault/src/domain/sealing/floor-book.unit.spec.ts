import { describe, expect, it } from "vitest";
import { sessionKey } from "../session-key.builder.js";
import { FloorBook } from "./floor-book.js";
import { sealedFloorHash } from "./sealed-floor.js";

describe("floors that were read before", () => {
  const text = sessionKey().sealed?.floor ?? "";
  const hash = sealedFloorHash(text);

  it("are given again without reading them anew", () => {
    const book = new FloorBook();
    expect(book.read(text, hash)).toBe(book.read(text, hash));
  });

  it("do not stand in for another text under the same hash", () => {
    const book = new FloorBook();
    book.read(text, hash);
    const wider = text.replace(/"maxOps":\d+/, '"maxOps":0');
    expect(wider).not.toBe(text);
    expect(() => book.read(wider, hash)).toThrow(expect.objectContaining({ code: "FENCED" }));
    expect(() => book.read(text, `0x${"11".repeat(32)}`)).toThrow(expect.objectContaining({ code: "FENCED" }));
  });
});
