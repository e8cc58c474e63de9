import { describe, expect, it } from "vitest";
import { encodeTlv } from "./tlv.js";

describe("TLV", () => {
  it("puts tag and length in front of each value", () => {
    expect(
      encodeTlv([
        [1, "ab"],
        [3, 7],
      ]).toString("hex"),
    ).toBe("0100000002616203000000" + "0137");
  });

  it("gives other bytes when a byte moves from one field to the next", () => {
    expect(
      encodeTlv([
        [1, "ab"],
        [2, "c"],
      ]).equals(
        encodeTlv([
          [1, "a"],
          [2, "bc"],
        ]),
      ),
    ).toBe(false);
  });

  it("refuses fields out of order, doubled or beyond one byte", () => {
    expect(() =>
      encodeTlv([
        [2, ""],
        [1, ""],
      ]),
    ).toThrow(RangeError);
    expect(() =>
      encodeTlv([
        [1, ""],
        [1, ""],
      ]),
    ).toThrow(RangeError);
    expect(() => encodeTlv([[256, ""]])).toThrow(RangeError);
  });
});
