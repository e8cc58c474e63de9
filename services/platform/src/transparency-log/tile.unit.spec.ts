import { describe, expect, it } from "vitest";
import { decodeBundle, encodeBundle } from "./entry-bundle.js";
import { newTiles, parseTilePath, tilePath, tileWidth } from "./tile.js";

describe("the names of tiles", () => {
  it.each([
    [{ level: 0, index: 0, width: 256 }, "tile/0/000"],
    [{ level: 0, index: 1_234_067, width: 256 }, "tile/0/x001/x234/067"],
    [{ level: 2, index: 5, width: 7 }, "tile/2/005.p/7"],
    [{ level: "entries" as const, index: 1_000, width: 1 }, "tile/entries/x001/000.p/1"],
  ])("are those of C2SP tlog-tiles: %o is %s", (place, path) => {
    expect(tilePath(place)).toBe(path);
    expect(parseTilePath(path)).toEqual(place);
  });

  it.each([
    "tile/0/1",
    "tile/0/000.p/256",
    "tile/0/000.p/0",
    "tile/64/000",
    "tile/0/x000/001",
    "tile/0/000/",
    "tile/0/../000",
    "tile/00/000",
  ])("have one spelling only: %s is none", (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  });

  it("are as wide as the log allows", () => {
    expect([tileWidth(0, 0, 70_000), tileWidth(0, 273, 70_000), tileWidth(1, 1, 70_000), tileWidth(2, 0, 70_000)]).toEqual([
      256, 112, 17, 1,
    ]);
    expect(newTiles(255, 256).map(tilePath)).toEqual(["tile/0/000", "tile/1/000.p/1"]);
    expect(newTiles(256, 256)).toEqual([]);
  });
});

describe("an entry bundle", () => {
  const leaves = ["one", "", "three"].map((text) => Buffer.from(text));

  it("gives back its leaves", () => {
    expect(decodeBundle(encodeBundle(leaves), 3)).toEqual(leaves);
  });

  it("is refused when it is cut, too short or too long", () => {
    expect(() => decodeBundle(encodeBundle(leaves).subarray(0, -1), 3)).toThrow(/ends inside/);
    expect(() => decodeBundle(encodeBundle(leaves), 4)).toThrow(/holds 3/);
    expect(() => decodeBundle(encodeBundle(leaves), 2)).toThrow(/holds 3/);
  });
});
