import fc from "fast-check";
import { concatHex, encodeAbiParameters, type Hex, parseAbiParameters } from "viem";
import { describe, expect, it } from "vitest";
import { decodeCanonical, positionalParameters } from "./decode-canonical.js";

const types = positionalParameters(parseAbiParameters("address to, uint256 amount, uint8 kind, bytes blob, (uint256 x, bool y)[] list"));
const selector = "0xa9059cbb";
const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes): Hex => `0x${Buffer.from(bytes).toString("hex")}`);
const bytes = fc.uint8Array({ maxLength: 70 }).map((raw): Hex => `0x${Buffer.from(raw).toString("hex")}`);
const args = fc.tuple(
  address,
  fc.bigInt(0n, 2n ** 256n - 1n),
  fc.integer({ min: 0, max: 255 }),
  bytes,
  fc.array(fc.tuple(fc.bigInt(0n, 2n ** 256n - 1n), fc.boolean()), { maxLength: 3 }),
);
const encoded = args.map((values) => concatHex([selector, encodeAbiParameters(types, values)]));

describe("canonical calldata", () => {
  it("is decoded", () => {
    fc.assert(
      fc.property(encoded, (data) => {
        expect(decodeCanonical(types, data).ok).toBe(true);
      }),
    );
  });
  it("is no more canonical with bytes at the end", () => {
    fc.assert(
      fc.property(
        encoded,
        bytes.filter((tail) => tail.length > 2),
        (data, tail) => {
          expect(decodeCanonical(types, concatHex([data, tail])).ok).toBe(false);
        },
      ),
    );
  });
  it("is no more canonical with bytes cut off", () => {
    fc.assert(
      fc.property(encoded, fc.integer({ min: 1, max: 200 }), (data, cut) => {
        expect(decodeCanonical(types, data.slice(0, Math.max(10, data.length - 2 * cut)) as Hex).ok).toBe(false);
      }),
    );
  });
  it("is no more canonical with dirty bits above an address or a small integer", () => {
    fc.assert(
      fc.property(encoded, fc.integer({ min: 0, max: 11 }), fc.integer({ min: 1, max: 255 }), (data, at, dirt) => {
        const hex = dirt.toString(16).padStart(2, "0");
        const spoil = (byte: number) => `${data.slice(0, 2 + 2 * byte)}${hex}${data.slice(4 + 2 * byte)}` as Hex;
        expect(decodeCanonical(types, spoil(4 + at)).ok).toBe(false);
        expect(decodeCanonical(types, spoil(4 + 64 + at)).ok).toBe(false);
      }),
    );
  });
  it("never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(bytes, (data) => {
        expect(typeof decodeCanonical(types, concatHex([selector, data])).ok).toBe("boolean");
      }),
    );
  });
  it("of a function without arguments is its selector alone", () => {
    expect(decodeCanonical([], selector)).toEqual({ ok: true, args: [] });
    expect(decodeCanonical([], `${selector}00`)).toEqual({ ok: false, why: "bytes after the selector" });
  });
  it("gives tuples as lists, so that a path is a list of positions", () => {
    const pair = positionalParameters(parseAbiParameters("(uint256 x, bool y) p"));
    expect(decodeCanonical(pair, concatHex([selector, encodeAbiParameters(pair, [[7n, true]])]))).toEqual({ ok: true, args: [[7n, true]] });
  });
  it("says why it is not", () => {
    expect(decodeCanonical(types, selector)).toMatchObject({ ok: false, why: "AbiDecodingZeroDataError" });
    const one = positionalParameters(parseAbiParameters("uint256 x"));
    expect(decodeCanonical(one, `${selector}${"00".repeat(33)}`)).toEqual({ ok: false, why: "re-encoding gives other bytes" });
  });
});
