import { describe, expect, it } from "vitest";
import { canonicalJson, isJsonObject, parseJsonObject } from "./json.js";

describe("canonical JSON", () => {
  it("has the same text whatever the order of members", () => {
    expect(canonicalJson({ b: [1, { d: null, c: "ü" }], a: "x" })).toBe('{"a":"x","b":[1,{"c":"ü","d":null}]}');
  });
});

describe("parsing an object", () => {
  it("gives undefined for text that is none", () => {
    expect(parseJsonObject('{"a":1}')).toEqual({ a: 1 });
    for (const text of ["", "[]", "null", "1", "{"]) expect(parseJsonObject(text)).toBeUndefined();
    expect(isJsonObject(null)).toBe(false);
  });
});
