import { describe, expect, it } from "vitest";
import { type ArgumentValue, comparable, typedValue } from "./argument-value.js";

const HASH = "Ab".repeat(32);

describe("a value of a document, by its ABI type", () => {
  it.each<[string, string, ArgumentValue]>([
    ["uint256", "0", 0n],
    ["uint256", "115792089237316195423570985008687907853269984665640564039457584007913129639935", 2n ** 256n - 1n],
    ["uint", "0xff", 255n],
    ["uint8", "255", 255n],
    ["int8", "-128", -128n],
    ["int", "-1", -1n],
    ["bool", "true", true],
    ["bool", "false", false],
    ["string", "Any Text", "Any Text"],
    ["bytes", "0x", "0x"],
    ["bytes", "0xABcd", "0xabcd"],
    ["bytes2", "0xABcd", "0xabcd"],
    ["bytes32", `0x${HASH}`, `0x${HASH.toLowerCase()}`],
    ["address", `0x${"Aa".repeat(20)}`, `0x${"aa".repeat(20)}`],
  ])("%s %s is read", (type, text, value) => {
    expect(typedValue(type, text)).toBe(value);
  });

  it.each([
    ["uint8", "256"],
    ["uint8", "-1"],
    ["int8", "128"],
    ["int8", "-129"],
    ["uint256", "01"],
    ["uint256", " 1"],
    ["uint256", "1 "],
    ["uint256", "1\n"],
    ["int256", "-0"],
    ["uint256", "0x"],
    ["uint256", "1e3"],
    ["uint256", `0x1${"0".repeat(64)}`],
    ["bool", "TRUE"],
    ["bool", "1"],
    ["bytes", "0xabc"],
    ["bytes", "0xzz"],
    ["bytes", "ab"],
    ["bytes", "10xab"],
    ["bytes", "0xab\n"],
    ["bytes2", "0xab"],
    ["bytes2", "0xabcdef"],
    ["bytes2", "0xzzzz"],
    ["bytes2", "10xabc"],
    ["bytes2", "0xabc\n"],
    ["bytes32", `0x${"ab".repeat(31)}`],
    ["address", `0x${"aa".repeat(19)}`],
    ["address", `0x${"aa".repeat(21)}`],
    ["address", `1x${"aa".repeat(20)}`],
    ["address", `00x${"aa".repeat(20)}`],
    ["address", `0x${"aa".repeat(20)}\n`],
    ["uint256[]", "1"],
    ["tuple", "0x"],
    ["fixedbytes2", "0xabcd"],
    ["bytes2[]", "0xabcd"],
  ])("%s %j is none", (type, text) => {
    expect(typedValue(type, text)).toBeUndefined();
  });
});

describe("an argument as it was decoded", () => {
  it("is compared as a big integer, a truth value, or lower-case hex; text as it stands", () => {
    expect(comparable("uint8", 7)).toBe(7n);
    expect(comparable("uint256", 7n)).toBe(7n);
    expect(comparable("bool", false)).toBe(false);
    expect(comparable("address", "0xAA")).toBe("0xaa");
    expect(comparable("string", "AA")).toBe("AA");
    expect(comparable("uint8[]", [7])).toBeUndefined();
    expect(comparable("tuple", { a: 1 })).toBeUndefined();
  });
});
