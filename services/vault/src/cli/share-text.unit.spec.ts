import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parseShareText, shareText } from "./share-text.js";

describe("a share on paper", () => {
  const share = randomBytes(33);

  it("is read back as it was, spaces around it or not", () => {
    expect(parseShareText(` ${shareText(share)}\n`).equals(share)).toBe(true);
  });

  it("is refused when a letter is wrong or missing", () => {
    const text = shareText(share);
    const other = text.endsWith("A") ? "B" : "A";
    for (const wrong of [
      text.slice(0, -1),
      text.slice(0, 20) + (text[20] === "x" ? "y" : "x") + text.slice(21),
      `${text}${other}`,
      "",
      "ilk-share-",
    ]) {
      expect(() => parseShareText(wrong)).toThrow(/mistyped/);
    }
  });
});
