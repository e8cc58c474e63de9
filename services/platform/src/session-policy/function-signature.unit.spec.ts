import { describe, expect, it } from "vitest";
import { argumentWord, arrayType, parseFunction } from "./function-signature.js";

describe("a function of the language", () => {
  it.each([
    ["poke()", 4],
    ["transfer(address to,uint256 amount)", 68],
    ["_put_1(uint8 a)", 36],
    ["f(uint256[3] a,bool b)", 4 + 32 * 4],
    ["f((uint256 x,address y)[2] a)", 4 + 32 * 4],
    ["f((uint256 x,address y) a,bytes32 b)", 4 + 32 * 3],
    ["f(uint256[2][3] a)", 4 + 32 * 6],
    ["f(string a,uint256 b)", undefined],
    ["f(uint256 a,bytes b)", undefined],
    ["f(uint256[] a)", undefined],
    ["f((uint256 x,bytes y) a)", undefined],
    ["f(bytes[2] a)", undefined],
    ["f(uint256 a,(uint256 x,string y)[2] b)", undefined],
  ])("%s has calldata of exactly %s bytes", (fn, length) => {
    const signature = parseFunction(fn);
    expect(signature).toBeDefined();
    expect(signature?.exactLength).toBe(length);
  });

  it.each([
    "",
    "transfer",
    "transfer(address,uint256)",
    "transfer(address to,uint256)",
    "transfer(address to,uint256 to)",
    "1f(uint256 a)",
    "f(uint256 a);",
    "function f(uint256 a)",
    "f f(uint256 a)",
    "event e(uint256 a)",
    "f(uint257 a)",
    "f(uint256 a){}",
    " f(uint256 a)",
    "f(uint256 a) ",
  ])("%j is none", (fn) => {
    expect(parseFunction(fn)).toBeUndefined();
  });

  it("counts the words of the heads before an argument", () => {
    const signature = parseFunction("f(uint256[2] a,(address x,bool y) b,bytes c,address d)");
    if (signature === undefined) throw new Error("it is a function");
    expect(["a", "b", "c", "d", "e"].map((name) => argumentWord(signature, name))).toEqual([0, 2, 4, 5, undefined]);
  });
});

describe("an array type", () => {
  it("has an element and a length, or any length", () => {
    expect(arrayType({ type: "uint8[4]" })).toEqual({ element: { type: "uint8" }, length: 4 });
    expect(arrayType({ type: "uint8[2][]" })).toEqual({ element: { type: "uint8[2]" }, length: undefined });
    expect(arrayType({ type: "uint8" })).toBeUndefined();
    expect(arrayType({ type: "uint8[x]" })).toBeUndefined();
  });
});
