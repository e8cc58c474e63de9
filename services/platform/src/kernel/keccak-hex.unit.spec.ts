import { randomBytes } from "node:crypto";
import { keccak256 } from "viem";
import { describe, expect, it } from "vitest";
import { keccakHex } from "./keccak-hex.js";

describe("keccakHex", () => {
  it("agrees with viem's keccak256 on every length around and across the block of 136 bytes", () => {
    for (let length = 0; length <= 600; length += 1) {
      const bytes = randomBytes(length);
      expect(`0x${keccakHex(bytes)}`).toBe(keccak256(bytes));
    }
  });

  it("reads a view of a larger buffer as what it shows", () => {
    const bytes = randomBytes(100);
    expect(`0x${keccakHex(bytes.subarray(7, 90))}`).toBe(keccak256(bytes.subarray(7, 90)));
  });
});
